// deploy/sandbox/oidc.mjs: who people log in with elsewhere: one certified OpenID provider that stands for Kakao, Naver and
// Google, each a client of its own.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';
import { readForm, Refusal, sendPage } from './http.mjs';
import { html, layout } from './page.mjs';
import { openState } from './state.mjs';

const MOUNT = '/oidc';

/** What the market's own settings must repeat. */
export const CLIENTS = [
    { name: 'kakao', title: '카카오', clientId: 'gonggu-kakao', clientSecret: 'sandbox-kakao-secret-0123456789abcdef' },
    { name: 'naver', title: '네이버', clientId: 'gonggu-naver', clientSecret: 'sandbox-naver-secret-0123456789abcdef' },
    { name: 'google', title: 'Google', clientId: 'gonggu-google', clientSecret: 'sandbox-google-secret-0123456789abcdef', alg: 'RS256' },
];

const PEOPLE = [
    { id: 'minji', name: '김민지', nickname: '망원민지', email: 'minji@neighbours.example' },
    { id: 'jiho', name: '이지호', nickname: '합정지호', email: 'jiho@neighbours.example' },
    { id: 'seoyeon', name: '박서연', nickname: '연남서연', email: 'seoyeon@neighbours.example' },
    { id: 'emma', name: 'Emma Wilson', nickname: 'emma', email: 'emma@neighbours.example' },
];

/** A person by id. Tests bring people of their own: "guest-" and a few letters. */
const personOf = (id) =>
    PEOPLE.find((p) => p.id === id) ??
    (/^guest-[a-z0-9]{4,20}$/.test(id) ? { id, name: id, nickname: id.replace('-', '_').slice(0, 20), email: `${id}@neighbours.example` } : undefined);

export function createOidc(router, config) {
    const state = openState(`${config.data}/oidc.json`, { models: {} });
    state.data.jwk ??= newSigningKey();
    state.data.rsa ??= newRsaKey();
    state.data.cookieKey ??= randomBytes(32).toString('base64url');
    const provider = new Provider(`${config.publicUrl}${MOUNT}`, settings(state, config));
    const callback = provider.callback();

    async function ask(req, res) {
        const { uid, params } = await provider.interactionDetails(req, res);
        const client = CLIENTS.find((c) => c.clientId === params.client_id);
        sendPage(res, logInPage(uid, client.title));
    }

    // Choosing a person logs in and agrees to everything asked.
    async function answer(req, res) {
        const { params } = await provider.interactionDetails(req, res);
        const accountId = (await readForm(req)).get('person');
        if (accountId === 'nobody')
            return provider.interactionFinished(req, res, { error: 'access_denied', error_description: 'the person said no' });
        if (!personOf(accountId ?? '')) throw new Refusal(400, 'INVALID_REQUEST', 'no such person');
        const grant = new provider.Grant({ accountId, clientId: params.client_id });
        grant.addOIDCScope(params.scope);
        const grantId = await grant.save();
        return provider.interactionFinished(req, res, { login: { accountId, remember: false }, consent: { grantId } });
    }

    router.on('GET', '/interaction/:uid', expired(ask));
    router.on('POST', '/interaction/:uid', expired(answer));
    router.on('GET', '/people', (req, res) => sendPage(res, peoplePage(config)));

    /** True when the request is for the provider, which then answers it. */
    function handle(req, res) {
        if (req.url !== MOUNT && !req.url.startsWith(`${MOUNT}/`)) return false;
        req.originalUrl = req.url;
        req.url = req.url.slice(MOUNT.length) || '/';
        callback(req, res);
        return true;
    }
    return { handle };
}

const expired = (act) => async (req, res) => {
    try {
        return await act(req, res);
    } catch (error) {
        if (error.name === 'SessionNotFound') throw new Refusal(400, 'EXPIRED', 'this log-in is over; begin again at the market');
        throw error;
    }
};

function settings(state, config) {
    return {
        adapter: adapterOn(state),
        jwks: { keys: [state.data.jwk, state.data.rsa] },
        cookies: { keys: [state.data.cookieKey] },
        clients: CLIENTS.map(({ name, clientId, clientSecret, alg = 'ES256' }) => ({
            client_id: clientId,
            client_secret: clientSecret,
            redirect_uris: [`${config.clientUrl}/v1/auth/oauth/${name}/callback`],
            grant_types: ['authorization_code'],
            response_types: ['code'],
            token_endpoint_auth_method: 'client_secret_post',
            id_token_signed_response_alg: alg,
        })),
        pkce: { required: () => true },
        responseTypes: ['code'],
        scopes: ['openid', 'profile', 'email'],
        claims: { openid: ['sub'], profile: ['name', 'nickname'], email: ['email', 'email_verified'] },
        conformIdTokenClaims: false, // like Kakao and Google, the ID token carries the profile
        enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'] },
        features: { devInteractions: { enabled: false } },
        interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
        findAccount: (ctx, id) => {
            const person = personOf(id);
            const { name, nickname, email } = person ?? {};
            return person && { accountId: id, claims: () => ({ sub: id, name, nickname, email, email_verified: true }) };
        },
        ttl: { Interaction: 600, AuthorizationCode: 60, AccessToken: 3600, IdToken: 3600, Session: 86_400, Grant: 86_400 },
        renderError: (ctx, out) => {
            ctx.type = 'html';
            ctx.body = String(
                layout('로그인 오류', html`<div class="card"><h1>로그인할 수 없습니다</h1><p><code>${out.error}</code></p><p>${out.error_description}</p></div>`, { bare: true }),
            );
        },
    };
}

function newSigningKey() {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: randomBytes(8).toString('hex') };
}

// The store oidc-provider asks for: models by name and id, with an expiry.
function adapterOn(state) {
    const { models } = state.data;
    const epoch = () => Math.floor(Date.now() / 1000);

    return class Adapter {
        constructor(name) {
            this.rows = models[name] ??= {};
        }
        #live(test) {
            return Object.values(this.rows).find((row) => row.until > epoch() && test(row.payload))?.payload;
        }
        async upsert(id, payload, expiresIn) {
            for (const [key, row] of Object.entries(this.rows)) if (row.until <= epoch()) delete this.rows[key];
            this.rows[id] = { payload, until: epoch() + expiresIn };
            await state.save();
        }
        async find(id) {
            const row = Object.hasOwn(this.rows, id) ? this.rows[id] : undefined;
            return row && row.until > epoch() ? row.payload : undefined;
        }
        async findByUid(uid) {
            return this.#live((payload) => payload.uid === uid);
        }
        async findByUserCode(userCode) {
            return this.#live((payload) => payload.userCode === userCode);
        }
        async consume(id) {
            this.rows[id].payload.consumed = epoch();
            await state.save();
        }
        async destroy(id) {
            delete this.rows[id];
            await state.save();
        }
        async revokeByGrantId(grantId) {
            for (const rows of Object.values(models))
                for (const [id, row] of Object.entries(rows)) if (row.payload.grantId === grantId) delete rows[id];
            await state.save();
        }
    };
}

// ---- pages -----------------------------------------------------------------------------------------------------------
function logInPage(uid, title) {
    return layout(
        `${title} 로그인`,
        html`<div class="card"><h1>${title} 로그인 <small lang="en">(sandbox)</small></h1>
<p>누구로 로그인할까요? <small lang="en">Who are you?</small></p>
<form method="post" action="/interaction/${uid}">
${PEOPLE.map((p) => html`<button class="button" name="person" value="${p.id}">${p.name} <small>${p.email}</small></button>`)}
<button class="button plain" name="person" value="nobody">동의하지 않음 <small lang="en">Refuse</small></button></form></div>`,
        { bare: true },
    );
}

function peoplePage(config) {
    return layout(
        '로그인 · Log-in',
        html`<h1>다른 서비스로 로그인 <small lang="en">Log-in with another service</small></h1>
<p class="card">설정 문서 (discovery): <a href="${MOUNT}/.well-known/openid-configuration">${config.publicUrl}${MOUNT}</a></p>
<div class="scroll"><table><tr><th>서비스</th><th>client id</th><th>client secret</th></tr>
${CLIENTS.map((c) => html`<tr><td>${c.title}</td><td><code>${c.clientId}</code></td><td><code>${c.clientSecret}</code></td></tr>`)}</table></div>
<h2>사람들 <small lang="en">People</small></h2>
<div class="grid">${PEOPLE.map((p) => html`<p class="card"><b>${p.name}</b><br><small>${p.email}</small></p>`)}</div>`,
        { current: '/people' },
    );
}

// Google and Kakao sign with RS256.
function newRsaKey() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') };
}
