// pwa/src/auth/passkey.ts: passkeys between the browser, which speaks in bytes, and the market, which speaks in base64url.
import type { AuthPasskeyAssertion, AuthPasskeyNew, AuthPasskeyOptions } from '@/api/gen';

export const passkeysPossible = () => 'PublicKeyCredential' in window && window.isSecureContext && !/^[\d.]+$|:/.test(location.hostname);

export const bytes = (text: string) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
export const text = (buffer: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const list = (options: AuthPasskeyOptions): PublicKeyCredentialDescriptor[] => options.credentials.map((id) => ({ type: 'public-key', id: bytes(id) }));

/** Makes a passkey on this device. */
export async function makePasskey(options: AuthPasskeyOptions, name: string): Promise<AuthPasskeyNew> {
    const made = (await navigator.credentials.create({
        publicKey: {
            challenge: bytes(options.challenge),
            rp: { id: options.rp_id, name: options.rp_name },
            user: { id: bytes(options.user_handle ?? ''), name: options.user_name ?? '', displayName: options.user_name ?? '' },
            pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
            excludeCredentials: list(options),
            attestation: 'none',
            authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        },
    })) as PublicKeyCredential;
    const response = made.response as AuthenticatorAttestationResponse;
    return { challenge_id: options.challenge_id, name, client_data: text(response.clientDataJSON), attestation: text(response.attestationObject) };
}

/** Signs what the market asks for, with the owner's consent. */
export async function signAssertion(options: AuthPasskeyOptions, how: { mediation?: CredentialMediationRequirement; signal?: AbortSignal } = {}): Promise<AuthPasskeyAssertion> {
    const used = (await navigator.credentials.get({ ...how, publicKey: { challenge: bytes(options.challenge), rpId: options.rp_id, allowCredentials: list(options), userVerification: 'required' } })) as PublicKeyCredential;
    const response = used.response as AuthenticatorAssertionResponse;
    return {
        challenge_id: options.challenge_id,
        credential: text(used.rawId),
        client_data: text(response.clientDataJSON),
        authenticator_data: text(response.authenticatorData),
        signature: text(response.signature),
    };
}
