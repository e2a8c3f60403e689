// deploy/sandbox/bank.mjs: a bank that pays out to accounts in other banks: whose account is it, transfer, where does it
// stand, statement of a day. What was paid here is a number in a file.
import { createHash, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { readForm, readJson, redirect, Refusal, sendJson, sendPage } from './http.mjs';
import { html, layout, seoulTime, won } from './page.mjs';
import { keepNewest, openState } from './state.mjs';

const KEPT = 50_000;
const HANG_MS = 60_000;
const PAGE = 200;

export const BANKS = { '004': 'KB국민은행', '011': 'NH농협은행', '020': '우리은행', '081': '하나은행', '088': '신한은행', '090': '카카오뱅크', '092': '토스뱅크' };

export function createBank(router, config) {
    const state = openState(`${config.data}/bank.json`, { accounts: {}, transfers: {}, lines: [], faults: {} });
    const { data } = state;
    const expected = digest(`Bearer ${config.bankSecret}`);

    function authorize(req) {
        if (!timingSafeEqual(digest(req.headers.authorization ?? ''), expected)) throw new Refusal(401, 'UNAUTHORIZED', 'unknown key');
    }

    const keyOf = ({ bank, number }) => `${bank}-${number}`;
    const accountOf = (wanted) => (Object.hasOwn(data.accounts, keyOf(wanted)) ? data.accounts[keyOf(wanted)] : undefined);

    function openAccount({ bank, number, holder }) {
        if (!Object.hasOwn(BANKS, bank)) throw invalid('bank', `one of ${Object.keys(BANKS).join(', ')}`);
        if (!/^\d{8,20}$/.test(number ?? '')) throw invalid('number', '8 to 20 digits');
        if (typeof holder !== 'string' || holder.length < 1 || holder.length > 40) throw invalid('holder', '1 to 40 characters');
        const account = { bank, number, holder, state: 'open', balance: 0, openedAt: now() };
        data.accounts[keyOf(account)] = account;
        keepNewest(data.accounts, KEPT);
        return account;
    }

    // ---- the customer's requests ---------------------------------------------------------------------------------
    async function name(req, res) {
        authorize(req);
        const body = await readJson(req);
        const account = accountOf(body);
        if (!account || account.state !== 'open') throw new Refusal(404, 'ACCOUNT_NOT_FOUND', '없는 계좌입니다. (no such account)');
        sendJson(res, 200, { bank: account.bank, bankName: BANKS[account.bank], number: account.number, holder: account.holder });
    }

    /** The reference makes it once: the same one gives the same transfer again, other content is refused. */
    async function transfer(req, res) {
        authorize(req);
        const body = await readJson(req);
        const fault = data.faults.transfer;
        if (fault === '500') throw new Refusal(500, 'INTERNAL', 'fault set on purpose: nothing was done');
        if (fault === 'lost') return void res.destroy(); // not done, and nobody says so
        const made = book(checkTransfer(body), fault === 'pending');
        await state.save();
        if (fault === 'timeout') return void setTimeout(() => res.destroy(), HANG_MS).unref();
        if (fault === 'done_then_500') throw new Refusal(500, 'INTERNAL', 'fault set on purpose: it was done');
        return sendJson(res, 200, made);
    }

    function book(wanted, slow) {
        const known = Object.hasOwn(data.transfers, wanted.reference) && data.transfers[wanted.reference];
        if (known) {
            if (keyOf(known) !== keyOf(wanted) || known.amount !== wanted.amount)
                throw new Refusal(409, 'REFERENCE_USED', 'this reference is another transfer');
            return known;
        }
        const account = accountOf(wanted);
        const made = { ...wanted, transferId: randomUUID(), at: now(), date: seoulDate(), status: 'DONE', code: '' };
        if (!account) refuse(made, 'ACCOUNT_NOT_FOUND');
        else if (account.state === 'closed') refuse(made, 'ACCOUNT_CLOSED');
        else if (account.holder !== wanted.holder) refuse(made, 'HOLDER_MISMATCH');
        else if (slow) made.status = 'PENDING';
        else settle(made, account);
        data.transfers[wanted.reference] = made;
        keepNewest(data.transfers, KEPT);
        return made;
    }

    function refuse(made, code) {
        made.status = 'REFUSED';
        made.code = code;
    }

    function settle(made, account) {
        made.status = 'DONE';
        made.at = now();
        made.date = seoulDate();
        account.balance += made.amount;
        line(made, 'OUT');
    }

    function line({ reference, transferId, amount }, direction) {
        data.lines.push({ lineId: randomUUID(), date: seoulDate(), at: now(), reference, transferId, amount, direction });
        if (data.lines.length > KEPT) data.lines.splice(0, data.lines.length - KEPT);
    }

    /** A transfer that was slow is done by the time somebody asks. */
    async function show(req, res, { reference }) {
        authorize(req);
        if (data.faults.lookup === '500') throw new Refusal(500, 'INTERNAL', 'fault set on purpose');
        const made = Object.hasOwn(data.transfers, reference) && data.transfers[reference];
        if (!made) throw new Refusal(404, 'TRANSFER_NOT_FOUND', 'no transfer of this reference');
        if (made.status === 'PENDING' && data.faults.transfer !== 'pending') {
            settle(made, accountOf(made));
            await state.save();
        }
        sendJson(res, 200, data.faults.lookup === 'amount' ? { ...made, amount: made.amount + 1 } : made);
    }

    /** The booked lines of a day in Seoul, oldest first, so many a page; a fault makes the file lie. */
    function statement(req, res, { date }, query) {
        authorize(req);
        if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw invalid('date', 'YYYY-MM-DD');
        let lines = data.lines.filter((l) => l.date === date);
        const { statement: fault } = data.faults;
        if (fault === 'less') lines = lines.slice(0, -1);
        if (fault === 'amount' && lines.length > 0) lines = [...lines.slice(0, -1), { ...lines.at(-1), amount: lines.at(-1).amount + 7 }];
        if (fault === 'more')
            lines = [...lines, { lineId: `extra-${date}`, date, at: now(), reference: 'ffffffff-ffff-8fff-bfff-ffffffffffff', transferId: 'extra', amount: 4321, direction: 'OUT' }];
        const from = Number(query.get('after') ?? 0);
        const page = lines.slice(from, from + PAGE);
        sendJson(res, 200, { date, lines: page, ...(from + PAGE < lines.length && { next: from + PAGE }) });
    }

    // ---- for tests and for people ----------------------------------------------------------------------------------
    async function open(req, res) {
        const account = openAccount(await readJson(req));
        await state.save();
        sendJson(res, 201, account);
    }

    /** The account is closed from now on: transfers to it are refused. */
    async function close(req, res) {
        const account = accountOf(await readJson(req));
        if (!account) throw new Refusal(404, 'ACCOUNT_NOT_FOUND', 'no such account');
        account.state = 'closed';
        await state.save();
        sendJson(res, 200, account);
    }

    /** A transfer that was done comes back, days later: the money is the customer's again. */
    async function giveBack(req, res) {
        const { reference } = await readJson(req);
        const made = Object.hasOwn(data.transfers, reference) && data.transfers[reference];
        if (!made || made.status !== 'DONE') throw new Refusal(409, 'NOT_DONE', 'only what was done can come back');
        made.status = 'RETURNED';
        made.code = 'RETURNED_BY_RECEIVER';
        accountOf(made).balance -= made.amount;
        line(made, 'IN');
        await state.save();
        sendJson(res, 200, made);
    }

    function showAccount(req, res, { bank, number }) {
        const account = accountOf({ bank, number });
        if (!account) throw new Refusal(404, 'ACCOUNT_NOT_FOUND', 'no such account');
        sendJson(res, 200, account);
    }

    async function faults(req, res) {
        const wanted = await readJson(req);
        const known = {
            transfer: ['timeout', '500', 'lost', 'done_then_500', 'pending', null],
            lookup: ['500', 'amount', null],
            statement: ['less', 'more', 'amount', null],
        };
        for (const [fault, value] of Object.entries(wanted)) {
            if (!known[fault]?.includes(value)) throw invalid(fault, `one of ${JSON.stringify(known[fault] ?? [])}`);
            data.faults[fault] = value;
        }
        await state.save();
        sendJson(res, 200, data.faults);
    }

    async function openFromPage(req, res) {
        const form = await readForm(req);
        openAccount({ bank: form.get('bank'), holder: form.get('holder')?.trim(), number: `1002${String(randomInt(1e9)).padStart(9, '0')}` });
        await state.save();
        redirect(res, '/bank');
    }

    router.on('POST', '/bank/v1/accounts/name', name);
    router.on('POST', '/bank/v1/transfers', transfer);
    router.on('GET', '/bank/v1/transfers/:reference', show);
    router.on('GET', '/bank/v1/statements/:date', statement);
    router.on('POST', '/bank/_accounts', open);
    router.on('POST', '/bank/_close', close);
    router.on('POST', '/bank/_return', giveBack);
    router.on('GET', '/bank/_accounts/:bank/:number', showAccount);
    router.on('POST', '/bank/_faults', faults);
    router.on('POST', '/bank/open', openFromPage);
    router.on('GET', '/bank', (req, res) => sendPage(res, overviewPage(data)));
}

const now = () => new Date().toISOString();
const digest = (text) => createHash('sha256').update(text).digest();
const invalid = (field, rule) => new Refusal(400, 'INVALID_REQUEST', `${field}: ${rule}`);
const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul' });
const seoulDate = () => DAY.format(new Date());

function checkTransfer({ reference, bank, number, holder, amount }) {
    if (typeof reference !== 'string' || !/^[A-Za-z0-9-]{6,64}$/.test(reference)) throw invalid('reference', '6 to 64 of A-Z a-z 0-9 -');
    if (!Number.isSafeInteger(amount) || amount < 1) throw invalid('amount', 'whole won, 1 or more');
    if (typeof bank !== 'string' || typeof number !== 'string' || typeof holder !== 'string') throw invalid('bank, number, holder', 'text');
    return { reference, bank, number, holder, amount };
}

// ---- the page ------------------------------------------------------------------------------------------------------
const STATUS_KO = { DONE: '완료', PENDING: '처리 중', REFUSED: '거절', RETURNED: '반환됨' };

function overviewPage({ accounts, transfers, faults }) {
    const newest = Object.values(transfers).slice(-100).reverse();
    const set = Object.entries(faults).filter(([, value]) => value !== null);
    return layout(
        '은행 · Bank',
        html`<h1>은행 <small lang="en">Bank</small></h1>
${set.length > 0 && html`<p class="bad">일부러 낸 고장 (faults): ${set.map(([name, value]) => `${name}=${value}`).join(', ')}</p>`}
<form class="card" method="post" action="/bank/open"><p><label>은행 <select name="bank">${Object.entries(BANKS).map(
    ([code, name]) => html`<option value="${code}">${name}</option>`,
)}</select></label> <label>예금주 <input name="holder" required maxlength="40"></label></p>
<button class="button plain">계좌 만들기 <small lang="en">open an account</small></button></form>
<div class="scroll"><table><tr><th>은행</th><th>계좌번호</th><th>예금주</th><th>잔액</th></tr>
${Object.values(accounts).slice(-50).reverse().map(
    (a) => html`<tr><td>${BANKS[a.bank]} <small>${a.bank}</small></td><td>${a.number}</td><td>${a.holder}${a.state === 'closed' && ' (해지)'}</td><td class="number">${won(a.balance)}</td></tr>`,
)}</table></div>
<h2>이체 <small lang="en">Transfers</small></h2>
<div class="scroll"><table><tr><th>시각</th><th>계좌</th><th>금액</th><th>상태</th></tr>
${newest.map(
    (t) => html`<tr><td>${seoulTime(t.at)}</td><td>${t.number}<br><small>${t.reference}</small></td><td class="number">${won(t.amount)}</td><td>${STATUS_KO[t.status]} <small>${t.code}</small></td></tr>`,
)}</table></div>`,
        { current: '/bank' },
    );
}
