// deploy/sandbox/config.mjs: the settings, from the environment; a missing or bad one stops the start with its name.

const SETTINGS = {
    port: { name: 'SANDBOX_PORT', fallback: '8090', read: port },
    host: { name: 'SANDBOX_HOST', fallback: '127.0.0.1' },
    data: { name: 'SANDBOX_DATA' },
    publicUrl: { name: 'SANDBOX_PUBLIC_URL', fallback: 'http://127.0.0.1:8090', read: origin },
    clientUrl: { name: 'SANDBOX_CLIENT_URL', fallback: 'http://127.0.0.1:8080', read: origin },
    providerSecret: { name: 'SANDBOX_PROVIDER_SECRET' },
    bankSecret: { name: 'SANDBOX_BANK_SECRET' },
    webhookUrl: { name: 'SANDBOX_WEBHOOK_URL', fallback: '' },
    webhookSecret: { name: 'SANDBOX_WEBHOOK_SECRET' },
    smsAccessKey: { name: 'SANDBOX_SMS_ACCESS_KEY' },
    smsSecret: { name: 'SANDBOX_SMS_SECRET' },
    smsServiceId: { name: 'SANDBOX_SMS_SERVICE_ID' },
    // The push service over HTTP/2 and TLS; without them it is part of the sandbox's own address.
    pushPort: { name: 'SANDBOX_PUSH_PORT', fallback: '0', read: port },
    pushUrl: { name: 'SANDBOX_PUSH_URL', fallback: '' },
    pushTls: { name: 'SANDBOX_PUSH_TLS', fallback: '' }, // files: this + .pem, .key
    storageAccessKey: { name: 'SANDBOX_STORAGE_ACCESS_KEY', fallback: 'gonggu-sandbox' },
    storageSecret: { name: 'SANDBOX_STORAGE_SECRET', fallback: '' },
};

export function readConfig(env) {
    const config = {};
    for (const [key, { name, fallback, read = String }] of Object.entries(SETTINGS)) {
        const value = env[name] || fallback;
        if (value === undefined) throw new Error(`${name} is not set`);
        config[key] = read(value, name);
    }
    return config;
}

function port(text, name) {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0 || value > 65535) throw new Error(`${name}: ${text} is no port`);
    return value;
}

function origin(text, name) {
    if (!URL.canParse(text) || !/^https?:/.test(text)) throw new Error(`${name}: ${text} is no http address`);
    return new URL(text).origin;
}
