// deploy/sandbox/server.mjs: starts the sandbox with the settings of the environment.
import { readConfig } from './config.mjs';
import { startSandbox } from './sandbox.mjs';

async function main() {
    const config = readConfig(process.env);
    const sandbox = await startSandbox(config);
    console.log(`sandbox: http://${config.host}:${sandbox.port}, known as ${config.publicUrl}`);
    const end = () => sandbox.stop().then(() => process.exit(0));
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
}

main().catch((error) => {
    console.error(`sandbox: ${error.message}`);
    process.exit(1);
});
