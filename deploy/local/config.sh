# deploy/local/config.sh: writes every configuration file and secret of one stack below its data folder. Sourced by
# `stack`. Nothing here starts a process; writing twice gives the same bytes.

# The account at the SMS gateway; its secret is made below.
SMS_SERVICE_ID=ncp:sms:kr:gonggu SMS_ACCESS_KEY=gonggu-sandbox

# scale_of SERVICE: how many instances it has.
scale_of() {
    local n
    n=$(sed -n "s/^$1=//p" "$DATA/scale" 2>/dev/null | tail -n 1)
    echo "${n:-${GONGGU_INSTANCES:-2}}"
}

# The schemas: one per service, and in the test stack one for libcommon's own tests.
schemas() {
    services
    if [[ $STACK == test ]]; then echo it; fi
}

# write FILE: standard input into FILE, in one move.
write() {
    cat >"$1.new" && mv -f "$1.new" "$1"
}

# ---- secrets: made once, never printed -----------------------------------------------------------------------------
make_secrets() {
    mkdir -p "$DATA"/{secrets,etc,env,log,pid,photos,nginx,redis,sandbox} "$SOCK"
    chmod 700 "$DATA/secrets" "$SOCK"
    local s
    (
        umask 077
        for s in redis db_reader refresh provider bank webhook sms_secret storage \
            $(schemas | sed 's/^/db_/'); do
            [[ -s $DATA/secrets/$s ]] || head -c 24 /dev/urandom | od -An -vtx1 | tr -d ' \n' | write "$DATA/secrets/$s"
        done
        for s in signing_key.pem vapid_key.pem; do
            [[ -s $DATA/secrets/$s ]] ||
                openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | write "$DATA/secrets/$s"
        done
    )
    make_push_certificate
    # What the test clock adds to the real one: eight bytes, milliseconds.
    if [[ $STACK == test && ! -f $DATA/clock ]]; then
        head -c 8 /dev/zero >"$DATA/clock"
    fi
}

# The sandbox's push service speaks HTTP/2 over TLS like the real ones: a certificate of an authority of its own.
make_push_certificate() {
    local tls=$DATA/secrets/push_tls
    if [[ -s $tls.pem ]]; then return; fi
    (
        umask 077
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=Gonggu sandbox CA' \
            -keyout "$tls.ca_key" -out "$DATA/secrets/push_ca.pem" 2>/dev/null
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=127.0.0.1' \
            -keyout "$tls.key" -out "$tls.csr" 2>/dev/null
        openssl x509 -req -in "$tls.csr" -CA "$DATA/secrets/push_ca.pem" -CAkey "$tls.ca_key" -CAcreateserial -days 3650 \
            -extfile <(echo 'subjectAltName=IP:127.0.0.1,DNS:localhost') -out "$tls.pem" 2>/dev/null
        rm -f "$tls.csr" "$tls.ca_key" "$DATA/secrets/push_ca.srl"
    )
}

# ---- the parts around the services ---------------------------------------------------------------------------------
mariadb_config() {
    cat <<END
[mysqld]
user=$(id -un)
datadir=$DATA/mariadb
socket=$SOCK/db
pid-file=$DATA/pid/mariadb
bind-address=127.0.0.1
port=$DB_PORT
skip-name-resolve
skip-log-bin
character-set-server=utf8mb4
collation-server=utf8mb4_unicode_520_ci
default-time-zone=+00:00
sql_mode=STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY
# What the safety of money rests on; the services refuse to start without it.
innodb_flush_log_at_trx_commit=1
innodb_rollback_on_timeout=ON
innodb_snapshot_isolation=ON
innodb_lock_wait_timeout=3
max_connections=600
innodb_buffer_pool_size=${GONGGU_DB_POOL:-256M}
innodb_log_file_size=${GONGGU_DB_LOG:-64M}
innodb_fast_shutdown=1
performance_schema=OFF
END
}

redis_config() {
    cat <<END
bind 127.0.0.1
port $REDIS_PORT
requirepass $(<"$DATA/secrets/redis")
dir $DATA/redis
save ""
appendonly no
maxmemory 128mb
maxmemory-policy allkeys-lru
daemonize no
END
}

kafka_config() {
    cat <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$KAFKA_CONTROLLER_PORT
listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$KAFKA_CONTROLLER_PORT
advertised.listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$DATA/kafka
num.partitions=12
auto.create.topics.enable=true
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.segment.bytes=33554432
log.index.size.max.bytes=262144
log.retention.hours=168
log.cleaner.dedupe.buffer.size=8388608
num.network.threads=2
num.io.threads=4
END
}

kafka_log_config() {
    cat <<'END'
log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d{ISO8601} %p %c: %m%n
END
}

upstreams_config() {
    local s i
    for s in $(built); do
        echo "upstream gonggu_$s {"
        echo "    zone gonggu_$s 64k;"
        for ((i = 1; i <= $(scale_of "$s"); i++)); do
            echo "    server 127.0.0.1:$(service_port "$s" "$i") max_fails=0;"
        done
        echo "    keepalive 32;"
        echo "}"
    done
    echo 'map $uri $gonggu_context {'
    echo '    default "";'
    for s in $(built); do echo "    ~^/v1/$s/ gonggu_$s;"; done
    echo "}"
}

# Requests a second and address that the gateway lets through: tests and the bench come from one address.
gateway_rate() {
    case $STACK in
    run) echo 50 ;;
    test) echo 2000 ;;
    bench) echo 1000000 ;;
    esac
}

nginx_config() {
    local user=''
    ((EUID == 0)) && user='user root;' # the checkout may be readable by root alone
    sed -e "s|@USER@|$user|" -e "s|@LISTEN@|127.0.0.1:$GATEWAY_PORT|" -e "s|@PID@|$DATA/pid/nginx|" \
        -e "s|@TEMP@|$DATA/nginx|" -e "s|@PWA@|$ROOT/pwa/dist|" -e "s|@RATE@|$(gateway_rate)|" \
        -e "s|@LOG@|/dev/stdout|" "$ROOT/deploy/nginx/nginx.conf.in"
}

# ---- the services --------------------------------------------------------------------------------------------------
# service_env NAME INSTANCE
service_env() {
    local s=$1 secrets=$DATA/secrets
    cat <<END
GONGGU_LISTEN=127.0.0.1:$(service_port "$s" "$2")
GONGGU_TRUST_PROXY=1
GONGGU_PUBLIC_URL=$GATEWAY
GONGGU_LOG_LEVEL=${GONGGU_LOG_LEVEL:-$([[ $STACK == bench ]] && echo warn || echo info)}
GONGGU_SCHEMA_DIR=$ROOT
GONGGU_DB_HOST=127.0.0.1
GONGGU_DB_PORT=$DB_PORT
GONGGU_DB_NAME=gonggu_$s
GONGGU_DB_USER=gonggu_$s
GONGGU_DB_PASSWORD_FILE=$secrets/db_$s
GONGGU_REDIS=127.0.0.1:$REDIS_PORT
GONGGU_REDIS_PASSWORD_FILE=$secrets/redis
GONGGU_KAFKA=127.0.0.1:$KAFKA_PORT
GONGGU_KAFKA_FETCH_WAIT_MS=250
GONGGU_JWKS_URL=$GATEWAY/v1/auth/jwks.json
GONGGU_JWKS_CACHE=$DATA/jwks-$s-$2.json
GONGGU_JWT_ISSUER=gonggu
GONGGU_JWT_AUDIENCE=gonggu
END
    # On one machine everybody comes from one address: the limits per address are raised, those per person with them.
    if [[ $STACK == test ]]; then
        echo "GONGGU_CLOCK_FILE=$DATA/clock"
        echo "GONGGU_JWKS_REFRESH_S=1"
        echo "GONGGU_OUTBOX_KEEP_DAYS=0" # the invariants count events, and tests move the clock by months
        echo "GONGGU_RATE_FACTOR=5000"
    elif [[ $STACK == bench ]]; then
        echo "GONGGU_RATE_FACTOR=1000000"
    else
        echo "GONGGU_RATE_FACTOR=1000"
    fi
    case $s in
    auth)
        if [[ $STACK == test ]]; then echo "GONGGU_KEY_LEAD_S=5"; fi
        cat <<END
GONGGU_SIGNING_KEY_FILE=$secrets/signing_key.pem
GONGGU_REFRESH_SECRET_FILE=$secrets/refresh
GONGGU_PASSKEY_ORIGIN=http://localhost:$GATEWAY_PORT
GONGGU_SMS_URL=$SANDBOX/sms
GONGGU_SMS_SERVICE_ID=$SMS_SERVICE_ID
GONGGU_SMS_ACCESS_KEY=$SMS_ACCESS_KEY
GONGGU_SMS_SECRET_FILE=$secrets/sms_secret
GONGGU_SMS_FROM=0215880000
GONGGU_SMS_PER_ADDRESS=100000
GONGGU_SOCIAL_PROVIDERS_FILE=$DATA/env/social.json
GONGGU_SIGNUPS_PER_ADDRESS=1000000
END
        ;;
    deal)
        if [[ $STACK == test ]]; then echo "GONGGU_PHOTO_USER_MB=20"; fi
        cat <<END
GONGGU_PHOTO_DIR=$DATA/photos
GONGGU_PREVIEW_HOST=127.0.0.1:$SANDBOX_PORT
END
        ;;
    chat) echo "GONGGU_PHOTO_DIR=$DATA/chat-photos" ;;
    pay)
        cat <<END
GONGGU_PROVIDER_URL=$SANDBOX/pay
GONGGU_PROVIDER_SECRET_FILE=$secrets/provider
GONGGU_WEBHOOK_SECRET_FILE=$secrets/webhook
GONGGU_BANK_URL=$SANDBOX/bank
GONGGU_BANK_SECRET_FILE=$secrets/bank
END
        ;;
    push)
        cat <<END
GONGGU_VAPID_KEY_FILE=$secrets/vapid_key.pem
GONGGU_VAPID_SUBJECT=mailto:ops@gonggu.example
GONGGU_PUSH_HOSTS=127.0.0.1:$SANDBOX_PUSH_PORT,127.0.0.1:$SANDBOX_PORT
GONGGU_PUSH_CA_FILE=$secrets/push_ca.pem
GONGGU_PUSH_ALLOW_HTTP=1
GONGGU_SMS_URL=$SANDBOX/sms
GONGGU_SMS_SERVICE_ID=$SMS_SERVICE_ID
GONGGU_SMS_ACCESS_KEY=$SMS_ACCESS_KEY
GONGGU_SMS_SECRET_FILE=$secrets/sms_secret
GONGGU_SMS_FROM=0215880000
END
        ;;
    esac
}

# The services people log in by elsewhere: all three are the sandbox's one provider; Naver's is asked by userinfo.
social_config() {
    local name secret source comma=''
    echo '{"providers":['
    for name in kakao naver google; do
        secret=$(sed -n "s/.*clientSecret: '\(sandbox-$name-[^']*\)'.*/\1/p" "$ROOT/deploy/sandbox/oidc.mjs")
        source="\"jwks_url\":\"$SANDBOX/oidc/jwks\""
        if [[ $name == naver ]]; then source="\"userinfo_url\":\"$SANDBOX/oidc/me\""; fi
        echo "$comma{\"name\":\"$name\",\"issuer\":\"$SANDBOX/oidc\",\"client_id\":\"gonggu-$name\",\"client_secret\":\"$secret\","
        echo "\"authorize_url\":\"$SANDBOX/oidc/auth\",\"token_url\":\"$SANDBOX/oidc/token\",$source,\"scope\":\"openid profile\"}"
        comma=','
    done
    echo ']}'
}

# The sandbox is the outside world: it knows the same shared secrets, and where our webhook is.
sandbox_env() {
    cat <<END
SANDBOX_PORT=$SANDBOX_PORT
SANDBOX_DATA=$DATA/sandbox
SANDBOX_PUBLIC_URL=$SANDBOX
SANDBOX_PROVIDER_SECRET=$(<"$DATA/secrets/provider")
SANDBOX_BANK_SECRET=$(<"$DATA/secrets/bank")
SANDBOX_WEBHOOK_URL=$GATEWAY/v1/pay/webhooks/provider
SANDBOX_WEBHOOK_SECRET=$(<"$DATA/secrets/webhook")
SANDBOX_SMS_ACCESS_KEY=$SMS_ACCESS_KEY
SANDBOX_SMS_SECRET=$(<"$DATA/secrets/sms_secret")
SANDBOX_SMS_SERVICE_ID=$SMS_SERVICE_ID
SANDBOX_CLIENT_URL=$GATEWAY
SANDBOX_PUSH_PORT=$SANDBOX_PUSH_PORT
SANDBOX_PUSH_URL=https://127.0.0.1:$SANDBOX_PUSH_PORT
SANDBOX_PUSH_TLS=$DATA/secrets/push_tls
SANDBOX_STORAGE_SECRET=$(<"$DATA/secrets/storage")
END
}

# ---- the supervisor ------------------------------------------------------------------------------------------------
# program NAME PRIORITY STOPWAIT COMMAND...; a lower priority stops later.
program() {
    cat <<END

[program:$1]
command=${*:4}
directory=$DATA/nginx
priority=$2
autostart=false
autorestart=true
startsecs=1
startretries=1000000
stopwaitsecs=$3
stdout_logfile=$DATA/log/$1.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=1
redirect_stderr=true
END
}

supervisor_config() {
    cat <<END
[unix_http_server]
file=$SOCK/supervisor
chmod=0700

[supervisord]
logfile=$DATA/log/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile=$DATA/pid/supervisord
childlogdir=$DATA/log
minfds=4096
$( ((EUID == 0)) && echo user=root)

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://$SOCK/supervisor
END
    program mariadb 10 60 /usr/sbin/mariadbd --defaults-file="$DATA/etc/mariadb.cnf"
    program redis 10 20 /usr/bin/redis-server "$DATA/etc/redis.conf"
    program kafka 10 40 "$(command -v java)" -Xms128m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
        -Dlog4j.configuration="file:$DATA/etc/log4j.properties" -cp "$KAFKA_LIB/*" \
        kafka.Kafka "$DATA/etc/kafka.properties"
    if [[ -f $ROOT/deploy/sandbox/server.mjs ]]; then
        program sandbox 20 10 "$ROOT/deploy/local/exec-env" "$DATA/env/sandbox.env" "$(command -v node)" \
            "$ROOT/deploy/sandbox/server.mjs"
        # As below: what changed restarts it at the next `up`.
        echo "environment=GONGGU_ENV_SUM=\"$(cat "$DATA/env/sandbox.env" "$ROOT"/deploy/sandbox/*.mjs | cksum | cut -d' ' -f1)\""
    fi
    program nginx 40 30 /usr/sbin/nginx -e stderr -c "$DATA/etc/nginx.conf" -g "'daemon off;'"
    echo stopsignal=QUIT
    local s i
    for s in $(built); do
        for ((i = 1; i <= $(scale_of "$s"); i++)); do
            program "$s-$i" 30 20 "$ROOT/deploy/local/exec-env" "$DATA/env/$s-$i.env" "$BIN/gonggu-$s"
            # A changed setting changes this line, and so restarts the instance at the next `up`.
            echo "environment=GONGGU_ENV_SUM=\"$(cksum <"$DATA/env/$s-$i.env" | cut -d' ' -f1)\""
        done
    done
}

write_config() {
    local s i
    (
        umask 077
        for s in $(built); do
            for ((i = 1; i <= $(scale_of "$s"); i++)); do service_env "$s" "$i" | write "$DATA/env/$s-$i.env"; done
        done
        social_config | write "$DATA/env/social.json"
        sandbox_env | write "$DATA/env/sandbox.env"
        redis_config | write "$DATA/etc/redis.conf"
    )
    mariadb_config | write "$DATA/etc/mariadb.cnf"
    kafka_config | write "$DATA/etc/kafka.properties"
    kafka_log_config | write "$DATA/etc/log4j.properties"
    upstreams_config | write "$DATA/etc/upstreams.conf"
    cp "$ROOT"/deploy/nginx/*.conf "$DATA/etc/" # nginx looks for includes beside the main file
    nginx_config | write "$DATA/etc/nginx.conf"
    supervisor_config | write "$DATA/etc/supervisord.conf"
}
