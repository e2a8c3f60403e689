"""Speaks to the stack's supervisor over its socket: rpc.py SOCKET start|stop|restart|stale NAME...

What supervisorctl cannot do: start or stop many at the same time instead of one after the other. `stop` and `restart`
wait for the ends; `start` does not wait for readiness (the caller asks the services themselves)."""
import os
import sys
import time
import xmlrpc.client
from pathlib import Path

from supervisor.xmlrpc import SupervisorTransport

socket, command, names = sys.argv[1], sys.argv[2], sys.argv[3:]
api = xmlrpc.client.ServerProxy("http://localhost", SupervisorTransport(None, None, "unix://" + socket)).supervisor
ROOT = Path(__file__).resolve().parents[2]
UP = ("STARTING", "RUNNING", "BACKOFF")


def states():
    return {p["name"]: p["statename"] for p in api.getAllProcessInfo()}


def newest_migration(name):
    """When a migration of this instance ("pay-1") was last written, in seconds; 0: it has none."""
    service = name.rpartition("-")[0]
    return max((f.stat().st_mtime for d in ("libcommon", f"services/{service}") for f in (ROOT / d / "schema").glob("*.sql")), default=0)


if command in ("stop", "restart"):
    for name in [n for n in names if states().get(n) in UP]:
        try:
            api.stopProcess(name, False)
        except xmlrpc.client.Fault:
            pass  # it ended by itself meanwhile
    while any(states().get(n) in UP + ("STOPPING",) for n in names):
        time.sleep(0.05)
if command in ("start", "restart"):
    now = states()
    for name in [n for n in names if now.get(n) not in UP]:
        try:
            api.startProcess(name, False)
        except xmlrpc.client.Fault as fault:
            sys.exit(f"{name}: {fault.faultString}")
if command == "stale":  # names whose program file was replaced, or a migration added, since they started
    for process in api.getAllProcessInfo():
        if process["name"] in names and process["pid"]:
            try:
                replaced = os.readlink(f"/proc/{process['pid']}/exe").endswith(" (deleted)")
            except OSError:
                continue  # just ended: whatever starts next is fresh
            if replaced or newest_migration(process["name"]) > process["start"]:
                print(process["name"])
