// pwa/src/chat/socket.ts: the one socket of a tab: comes back by itself, says where it stands in each room, asks again for what it has not
// been answered, and notices silence. Knows nothing of pages.
import type { ChatFrameError, ChatFrameIn, ChatFrameOk, ChatFrameOut } from '@/api/gen';

export class Refused extends Error {
    constructor(readonly code: string, readonly retryable: boolean) {
        super(code);
    }
}

/** What the socket needs from outside; tests give their own. */
export interface Surroundings {
    open: () => WebSocket;
    token: () => Promise<string | null>;
    /** Where the client stands in each room it keeps. */
    positions: () => { room: string; seq: number }[];
    heard: (frame: ChatFrameOut) => void;
    /** Connected, with the newest seq of each room. */
    ready: (ok: ChatFrameOk) => void;
    state: (up: boolean) => void;
    online: () => boolean;
}

interface Waiting {
    resolve: (ok: ChatFrameOk) => void;
    reject: (error: Error) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

export class Socket {
    #socket: WebSocket | null = null;
    #waiting = new Map<number, Waiting>();
    #last = 0;
    #pause = FIRST_PAUSE_MS;
    #pingMs = 10_000;
    #timer: ReturnType<typeof setTimeout> | undefined;
    #silence: ReturnType<typeof setTimeout> | undefined;
    #up = false;
    #wanted = false;

    constructor(private around: Surroundings) {}

    get up() {
        return this.#up;
    }

    start(): void {
        this.#wanted = true;
        clearTimeout(this.#timer);
        if (!this.#socket) void this.#connect();
    }

    stop(): void {
        this.#wanted = false;
        clearTimeout(this.#timer);
        this.#end();
    }

    /** At once, rather than after the pause: the network is back, or somebody looks. */
    hurry(): void {
        this.#pause = FIRST_PAUSE_MS;
        if (this.#wanted && !this.#socket) this.start();
    }

    /** One frame and its answer; rejected with `closed` when the socket goes first. */
    ask(frame: Omit<ChatFrameIn, 'id'>): Promise<ChatFrameOk> {
        if (!this.#socket || (!this.#up && !frame.connect)) return Promise.reject(new Refused('closed', true));
        const id = ++this.#last;
        this.#socket.send(JSON.stringify({ id, ...frame }));
        return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    }

    /** A frame that nobody waits for. */
    tell(frame: Omit<ChatFrameIn, 'id'>): void {
        this.ask(frame).catch(() => undefined);
    }

    async #connect(): Promise<void> {
        const token = this.around.online() ? await this.around.token() : null;
        if (!this.#wanted || this.#socket) return;
        if (!token) return this.#later(this.#pause);
        const socket = this.around.open();
        this.#socket = socket;
        socket.onmessage = ({ data }) => this.#socket === socket && this.#take(JSON.parse(String(data)) as ChatFrameOut);
        socket.onclose = () => this.#socket === socket && this.#lost();
        socket.onopen = () => this.#introduce(socket, token);
        this.#hush();
    }

    #introduce(socket: WebSocket, token: string): void {
        this.ask({ connect: { token, rooms: this.around.positions() } }).then((ok) => {
            if (this.#socket !== socket) return;
            this.#pause = FIRST_PAUSE_MS;
            this.#pingMs = ok.ping_ms ?? this.#pingMs;
            this.#up = true;
            this.around.state(true);
            this.around.ready(ok);
        }, () => this.#socket === socket && socket.close());
    }

    #take(frame: ChatFrameOut): void {
        this.#hush();
        if (frame.bye) return this.#bye(frame.bye.retry ? (frame.bye.after_ms ?? 0) : -1);
        if (frame.id !== undefined && (frame.ok || frame.error)) this.#answer(frame.id, frame.ok, frame.error);
        if (!frame.ok && !frame.error) this.around.heard(frame);
        else if (frame.inbox) this.around.heard(frame);
    }

    #answer(id: number, ok?: ChatFrameOk, error?: ChatFrameError): void {
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (ok) waiting?.resolve(ok);
        else if (error) waiting?.reject(new Refused(error.code, error.retryable ?? false));
    }

    /** Nothing for twice the promised time: the line is dead, whatever it says. */
    #hush(): void {
        clearTimeout(this.#silence);
        this.#silence = setTimeout(() => this.#lost(), 2 * this.#pingMs);
    }

    #bye(afterMs: number): void {
        this.#end();
        if (afterMs >= 0) this.#later(afterMs);
        else this.#wanted = false;
    }

    #lost(): void {
        this.#end();
        this.#later(this.#pause * (0.75 + Math.random() / 2));
        this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    }

    #later(ms: number): void {
        clearTimeout(this.#timer);
        if (this.#wanted) this.#timer = setTimeout(() => void this.#connect(), ms);
    }

    #end(): void {
        clearTimeout(this.#silence);
        const socket = this.#socket;
        this.#socket = null;
        if (socket) {
            socket.onmessage = socket.onclose = socket.onopen = null;
            socket.close();
        }
        const waiting = [...this.#waiting.values()];
        this.#waiting.clear();
        for (const { reject } of waiting) reject(new Refused('closed', true));
        if (this.#up) {
            this.#up = false;
            this.around.state(false);
        }
    }
}
