// tests/bench/peers/web_push.mjs: the npm package web-push sending to one endpoint; its processor time is measured here.
// Arguments: as tests/bench/c/push_sender.c, behind the VAPID keys as web-push wants them. "send" sends, "encrypt" only makes.
import https from 'node:https';
import webpush from 'web-push';

const [what, publicKey, privateKey, p256dh, auth, seconds, endpoint] = process.argv.slice(2);
const PARALLEL = 32;
const agent = new https.Agent({ keepAlive: true, maxSockets: PARALLEL });
const vapidDetails = { subject: 'mailto:ops@gonggu.example', publicKey, privateKey };
const subscription = { endpoint: endpoint ?? 'https://push.example.net/push/e/x', keys: { p256dh, auth } };
const payload = JSON.stringify({
    id: '01a1fe78-bd79-7ed1-a027-ec502304161f', kind: 'arrived', title: '물건이 도착했어요',
    body: '‘감자 10kg 나눠요’을(를) 받으러 오세요. 수령 코드를 보여 주세요.', link: '/deals/01a1fe78-bd79-7ed1-a027-ec502304161f', lang: 'ko',
    tag: '01a1fe78-bd79-7ed1-a027-ec502304161f', ack: 'A'.repeat(48), actions: [{ action: 'open', title: '코드 보기', link: '/deals/x' }],
    at: new Date().toISOString(),
});
const cpu = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const options = { TTL: 3600, vapidDetails, contentEncoding: 'aes128gcm', agent };

const begin = cpu();
let done = 0;
async function one() {
    while (cpu() - begin < Number(seconds)) {
        if (what === 'send') {
            const { statusCode } = await webpush.sendNotification(subscription, payload, options);
            if (statusCode !== 201) throw new Error(`the endpoint answered ${statusCode}`);
        } else {
            webpush.generateRequestDetails(subscription, payload, options);
        }
        done++;
    }
}
await Promise.all(Array.from({ length: what === 'send' ? PARALLEL : 1 }, one));
console.log(JSON.stringify({ operations: done, seconds: cpu() - begin }));
process.exit(0);
