// pwa/src/sw/routes.ts: which addresses the service worker answers itself.

/** Pages that are not the client's: the API, shared previews, anything with a file's name. */
export const SHELL_NOT = [/^\/v1\//, /^\/s\//, /^\/\.well-known\//, /\/[^/?]+\.[^/]+$/];

/** Pictures of deals: public, and they never change under their name. Neither those of chats nor of people. */
export const isPicture = (path: string): boolean => /^\/v1\/deal\/photos\/[^/]+$/.test(path);
