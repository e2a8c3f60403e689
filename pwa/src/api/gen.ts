// Printed from the services' own tables (make docs); edits here are lost.

export interface Problem {
    type: string;
    title: string; // English
    title_ko?: string; // Korean, for the person in front
    status: number;
    detail?: string; // English, for a developer
    code: string;
    retryable: boolean; // the same request may succeed later
    request_id?: string;
    errors?: ({ pointer: string; code: 'required' | 'type' | 'min' | 'max' | 'length' | 'format' | 'enum' | 'text' | 'duplicate' | 'unknown'; detail: string; })[];
}

export interface AuthAdminEntry {
    number: number; // 1, 2, 3 ... without gaps
    at: string; // when
    admin?: string; // who; left out: the command line
    action: 'role_given' | 'role_taken' | 'suspended' | 'unsuspended' | 'report_dismissed' | 'report_upheld' | 'sessions_ended'; // what
    user: string; // about whom
    report?: string; // upon which report
    until?: string; // end of a suspension
    reason: string; // why
    hash: string; // SHA-256 over the hash before and this entry
}

export interface AuthAdminLog {
    items: AuthAdminEntry[]; // newest first
    next?: string; // cursor of the next page
}

export interface AuthAdminUser {
    id: string; // the account
    login_id?: string; // id to log in with
    nickname?: string; // what neighbours see
    admin?: boolean; // has the role
    created_at: string; // signed up
    suspended?: boolean; // at this moment
    suspended_until?: string; // left out: until an admin ends it
    suspended_for?: string; // the reason
    open_reports: number; // reports that wait for a decision
}

export interface AuthAgain {
    password?: string; // the password
    code_request?: string; // or: the request of a code to one's own phone
    code?: string; // and the code of the SMS
}

export interface AuthArea {
    code: number; // code of the legal dong
    district: string; // district (gu)
    name: string; // name
    name_en?: string; // name in English
    lat: number; // latitude of the centre
    lng: number; // longitude of the centre
    size_m2: number; // size in square metres
}

export interface AuthAreaList {
    items: AuthArea[]; // by code
    next?: string; // cursor of the next page
}

export interface AuthAvailability {
    login_id_free?: boolean; // the id can be taken
    nickname_free?: boolean; // the nickname can be taken
}

export interface AuthBlock {
    user: string; // who is blocked
    nickname?: string; // the name; left out once the account is gone
    blocked_at: string; // since
}

export interface AuthBlockList {
    items: AuthBlock[]; // newest first
    next?: string; // cursor of the next page
}

export interface AuthClose {
    again?: AuthAgain; // the password, or a code sent to the own phone
}

export interface AuthClosing {
    id: string; // keep it: it shows the receipts when the account is gone
    state: 'asked' | 'in_flight' | 'withdrawn' | 'closed' | 'restored' | 'erasing' | 'erased'; // how far it is
    asked_at: string; // when it was asked for
    closed_at?: string; // when the account was closed
    purge_at?: string; // logging in before this restores the account
    in_flight: AuthInFlight[]; // what has to be settled first
    receipts: AuthReceipt[]; // who has erased what
}

export interface AuthDecideReport {
    uphold: boolean; // the report is right
    note: string; // why; for the admin log
    suspend?: AuthSuspend; // only with `uphold`
}

export interface AuthExport {
    exported_at: string; // now
    id: string; // the account
    login_id?: string; // id to log in with
    nickname?: string; // what neighbours see
    phone?: string; // proved number, in full
    admin?: boolean; // has the role of an admin
    created_at: string; // signed up
    sessions: AuthSession[]; // open ones
    neighbourhoods: AuthNeighbourhood[]; // proved ones
    blocks: AuthBlock[]; // whom one blocked
    reports: AuthReport[]; // what one reported
    security: AuthSecurityEntry[]; // the security log, newest first
}

export interface AuthFindId {
    code_request: string; // request of the phone code
    code: string; // the code of the SMS
}

export interface AuthFoundId {
    login_id?: string; // the id; absent: there is none to log in with
    services: string[]; // other services it is logged in with
    created_at: string; // signed up
}

export interface AuthInFlight {
    kind: 'hosted' | 'share' | 'balance' | 'hold' | 'request' | 'move'; // what it is
    id?: string; // which
    title?: string; // as the user knows it
    amount_won?: number; // money in it
}

export interface AuthLogin {
    login_id: string; // id
    password: string; // password
}

export interface AuthNeighbour {
    id: string; // the account
    nickname: string; // nickname
    introduction?: string; // a few lines about himself
    picture?: string; // path of the picture
    created_at: string; // signed up
}

export interface AuthNeighbourhood {
    code: number; // code of the legal dong
    district: string; // district (gu)
    name: string; // name
    name_en?: string; // name in English
    cell_lat: number; // centre of the grid cell, about 500 m wide
    cell_lng: number; // centre of the grid cell
    proved_at: string; // when it was proved
    valid_until: string; // to be proved again by then
}

export interface AuthNeighbourhoodList {
    items: AuthNeighbourhood[]; // newest proof first
}

export interface AuthPasskey {
    id: string; // the passkey
    name: string; // what its owner calls it
    made_at: string; // made
    used_at?: string; // used last
}

export interface AuthPasskeyAsk {
    again?: AuthAgain; // the password, or the phone's code
}

export interface AuthPasskeyAssertion {
    challenge_id: string; // of the options
    credential: string; // id of the credential
    client_data: string; // clientDataJSON
    authenticator_data: string; // authenticatorData
    signature: string; // signature
}

export interface AuthPasskeyList {
    items: AuthPasskey[]; // oldest first
}

export interface AuthPasskeyName {
    name: string; // what its owner calls it
}

export interface AuthPasskeyNew {
    challenge_id: string; // of the options
    name: string; // what its owner calls it
    client_data: string; // clientDataJSON
    attestation: string; // attestationObject
}

export interface AuthPasskeyOptions {
    challenge_id: string; // to be given back
    challenge: string; // 32 bytes
    rp_id: string; // domain
    rp_name: string; // what the authenticator shows
    user_handle?: string; // to make one: the account
    user_name?: string; // to make one: what the authenticator shows
    credentials: string[]; // not again, or only these
    expires_at: string; // void after this
}

export interface AuthPasskeyStepUp {
    act: AuthStepUpAct; // what is agreed to, as in the options
    assertion: AuthPasskeyAssertion; // what the passkey signed
}

export interface AuthPasswordNew {
    password: string; // the new password
    login_id?: string; // for an account without one: the id to log in with from now on
    again?: AuthAgain; // the old password, or the phone's code
}

export interface AuthPhoneCode {
    phone: string; // Korean mobile number, 010...
}

export interface AuthPhoneCodeSent {
    request: string; // to be given back with the code
    expires_at: string; // the code is void after this
}

export interface AuthPhoneNew {
    code_request: string; // request of the code to the new number
    code: string; // the code it got
    again?: AuthAgain; // the password, or a code to the old number
}

export interface AuthPinNew {
    pin: string; // the new payment PIN
    current_pin?: string; // the one that is replaced
    again?: AuthAgain; // instead of it: the phone's code, or for the first PIN the password
}

export interface AuthPinState {
    set: boolean; // there is a payment PIN
    locked: boolean; // too many wrong ones: it has to be set anew by phone
    tries_left?: number; // wrong ones until it locks
}

export interface AuthPosition {
    lat: number; // latitude
    lng: number; // longitude
    accuracy_m: number; // metres, as the device says
    measured_at: string; // when
}

export interface AuthProfileChange {
    nickname?: string; // what neighbours see
    introduction?: string; // a few lines; empty: none
}

export interface AuthProveArea {
    samples: AuthPosition[]; // in the order they were measured, over at least three seconds
}

export interface AuthReceipt {
    service: string; // who erased
    rows: number; // rows removed or made nameless
    at: string; // when
}

export interface AuthRecovery {
    asked_at: string; // somebody proved the phone from a device not known
    ready_at: string; // from then on the phone is enough
    until: string; // and after this no longer
}

export interface AuthReport {
    id: string; // the report
    user: string; // who is reported
    reporter?: string; // who reports; only admins see it
    nickname?: string; // name of who is reported
    reason: 'no_show' | 'fraud' | 'abuse' | 'spam' | 'forbidden_goods' | 'other'; // what for
    detail?: string; // what happened
    context: 'profile' | 'deal' | 'share' | 'message' | 'comment' | 'review'; // where it happened
    context_id?: string; // which deal, share, room, comment or review
    context_seq?: number; // of a message: its place in the room
    state: 'open' | 'dismissed' | 'upheld'; // what became of it
    reported_at: string; // when
    decided_at?: string; // when an admin decided
    decision?: string; // the admin's words; only admins see them
}

export interface AuthReportList {
    items: AuthReport[]; // one's own: newest first; the queue: oldest first
    next?: string; // cursor of the next page
}

export interface AuthReportNew {
    user: string; // who is reported
    reason: 'no_show' | 'fraud' | 'abuse' | 'spam' | 'forbidden_goods' | 'other'; // what for
    detail?: string; // what happened
    context: 'profile' | 'deal' | 'share' | 'message' | 'comment' | 'review'; // where it happened
    context_id?: string; // which deal, share, room, comment or review
    context_seq?: number; // of a message: its place in the room
}

export interface AuthResetPassword {
    login_id: string; // id of the account
    code_request: string; // request of the phone code
    code: string; // the code of the SMS
    password: string; // the new password
}

export interface AuthSecurityEntry {
    id: string; // the entry
    at: string; // when
    kind: 'signup' | 'login' | 'new_device' | 'login_failed' | 'logout' | 'token_reused' | 'password' | 'phone' | 'profile' | 'pin' | 'pin_failed' | 'passkey' | 'social' | 'role' | 'suspended' | 'unsuspended' | 'area' | 'closing' | 'closed' | 'restored' | 'export' | 'recovery'; // what happened
    device?: string; // browser or app
    address?: string; // network address
    note?: string; // more about it
}

export interface AuthSecurityList {
    items: AuthSecurityEntry[]; // newest first
    next?: string; // cursor of the next page
}

export interface AuthSession {
    id: string; // the session
    device: string; // browser or app
    address: string; // network address last seen
    place?: string; // neighbourhood this device has last proved to be in
    place_at?: string; // when it was there
    opened_at: string; // log-in
    seen_at: string; // last refresh
    current?: boolean; // this very session
}

export interface AuthSessionList {
    items: AuthSession[]; // newest first
    next?: string; // cursor of the next page
}

export interface AuthSetRole {
    admin: boolean; // admin, or a member like everybody
    reason: string; // for the admin log
}

export interface AuthSignup {
    login_id: string; // id to log in with
    password: string; // password
    nickname: string; // what neighbours see
    code_request: string; // request of the phone code
    code: string; // the code of the SMS
}

export interface AuthSocialCompletion {
    code_request: string; // request of the phone code
    code: string; // the code of the SMS
    nickname?: string; // for a new account: what neighbours see
}

export interface AuthSocialItem {
    provider: string; // the other service
    linked_at?: string; // linked since; absent: not linked
}

export interface AuthSocialList {
    items: AuthSocialItem[]; // every configured service
}

export interface AuthSocialStart {
    authorize_url: string; // where the browser goes now
}

export interface AuthSocialWaiting {
    provider: string; // the other service
    nickname?: string; // a nickname to begin with
}

export interface AuthStepUp {
    act: AuthStepUpAct; // what is agreed to
    pin?: string; // the payment PIN
}

export interface AuthStepUpAct {
    purpose: string; // what is done: remit, withdraw, request, join
    payee?: string; // who or what gets it: id as text
    amount_won: number; // how much
    deal?: string; // for which deal
    terms?: number; // version of the deal's terms; 0: none
}

export interface AuthStepUpProof {
    proof: string; // goes into the header Step-Up
    expires_at: string; // good until then, once
}

export interface AuthSuspend {
    reason: string; // shown to the user
    until?: string; // left out: until an admin ends it
}

export interface AuthToken {
    access_token: string; // bearer token
    expires_at: string; // refresh before this
    user: AuthUser; // who logged in
}

export interface AuthUser {
    id: string; // the account
    login_id?: string; // id to log in with; absent: by other services only
    nickname: string; // what neighbours see
    phone?: string; // proved number, masked
    created_at: string; // signed up
    introduction?: string; // a few lines about oneself
    picture?: string; // path of the picture
    admin?: boolean; // has the role of an admin
}

export interface ChatAct {
    cid: string; // the client's own id of this act
    edit?: ChatEdit; // change one's message
    delete?: ChatDelete; // take it back
    react?: ChatReact; // react to a message
    pin?: ChatPin; // the host's notice
}

export interface ChatDelete {
    seq: number; // one's own message
}

export interface ChatDirect {
    user: string; // the other neighbour
    deal: string; // the deal both are in, or that the other hosts
}

export interface ChatEdit {
    seq: number; // one's own message
    text: string; // what it reads from now on
}

export interface ChatEntry {
    seq: number; // 1, 2, 3 ... without gaps
    type: 'message' | 'joined' | 'left' | 'card' | 'edit' | 'delete' | 'reaction' | 'pin' | 'hidden'; // what it is
    cid?: string; // the client's id of what a person did
    from?: ChatPerson; // who; not of cards
    text?: string; // of a message or edit
    reply?: ChatQuote; // what it answers
    images?: ChatImage[]; // pictures
    place?: ChatPlace; // a place
    mentions?: ChatMention[]; // who is called
    warning?: ChatWarning; // to be shown beside it
    emoji?: string; // of a reaction
    on?: boolean; // the reaction was put on, not taken off
    action?: 'pay' | 'accept_terms' | 'show_code' | 'see_receipt' | 'see_dispute'; // what one can do about the card
    about?: string; // of a card: the request, or the deal of the dispute
    done?: number; // so many of `of`
    of?: number; // of so many
    target?: number; // the message it is about
    revised?: number; // the edit or delete the message stands for
    deleted?: boolean; // the words are gone
    card?: 'opened' | 'closing' | 'confirmed' | 'failed' | 'cancelled' | 'purchased' | 'arrived' | 'handed_over' | 'done' | 'paid' | 'terms' | 'closed' | 'refunded' | 'dispute' | 'dispute_answered' | 'dispute_resolved' | 'request' | 'request_done' | 'request_cancelled'; // which step of the deal
    amount_won?: number; // money the card tells of
    at: string; // when
}

export interface ChatEntryList {
    items: ChatEntry[]; // ascending seq
    last_seq: number; // newest there is
    more?: boolean; // ask again after the last of these (or before the first)
    left?: boolean; // one is no longer in the room
}

export interface ChatImage {
    name: string; // GET /v1/chat/rooms/{id}/images/{name}
    width: number; // pixels
    height: number; // pixels
}

export interface ChatMember {
    person: ChatPerson; // who
    host?: boolean; // hosts the deal
}

export interface ChatMemberList {
    items: ChatMember[]; // by account
    next?: string; // cursor of the next page
}

export interface ChatMention {
    user: string; // a member of the room
}

export interface ChatOpened {
    room: string; // the room
}

export interface ChatPerson {
    id: string; // the account
    nickname?: string; // left out while it is not known yet
}

export interface ChatPin {
    seq?: number; // a message; absent: no notice
}

export interface ChatPlace {
    name: string; // what it is called
    lat: number; // latitude
    lng: number; // longitude
}

export interface ChatQuote {
    seq: number; // the message answered
    sender: string; // who wrote it
    text?: string; // how it began
}

export interface ChatReact {
    seq: number; // a message
    emoji: string; // one emoji
    off?: boolean; // take it off again
}

export interface ChatRead {
    seq: number; // read up to here
}

export interface ChatReport {
    id: string; // the report
    room: string; // the room
    accused: string; // who wrote it
    seq: number; // the message
    reason: 'scam' | 'abuse' | 'sexual' | 'spam' | 'other'; // why
    text?: string; // in the reporter's words
    snapshot?: string; // JSON of the message, its earlier wordings and what stood around it
    hash: string; // SHA-256 over the report before it and the snapshot
    intact?: boolean; // the hash was computed again and is the same
    at: string; // when
}

export interface ChatReportCreate {
    seq: number; // the message
    reason: 'scam' | 'abuse' | 'sexual' | 'spam' | 'other'; // why
    text?: string; // in one's own words
}

export interface ChatReportList {
    items: ChatReport[]; // newest first
    next?: string; // cursor of the next page
}

export interface ChatRoom {
    id: string; // the room
    kind: 'deal' | 'direct'; // of a deal, or of two neighbours
    title?: string; // of the deal
    peer?: ChatPerson; // the other neighbour
    last_seq: number; // newest entry one may see
    read_seq: number; // read up to
    unread: number; // messages of others above read_seq
    open?: boolean; // one can write
    host?: boolean; // one hosts the deal
    muted?: boolean; // no notices
    muted_until?: string; // muted: until then; absent is for good
    pinned?: boolean; // on top of the list
    notice_seq?: number; // the pinned notice
    members?: number; // how many are in
    last?: ChatEntry; // newest message or card
}

export interface ChatRoomList {
    items: ChatRoom[]; // pinned first, then newest first
    next?: string; // cursor of the next page
}

export interface ChatSearchList {
    items: ChatEntry[]; // newest first
    next?: number; // `before` of the next question; absent: the end
}

export interface ChatSend {
    cid: string; // the client's own id of this message
    text?: string; // the message
    reply?: number; // seq of what it answers
    images?: string[]; // names of uploaded pictures
    place?: ChatPlace; // a place
    mentions?: ChatMention[]; // who is called
}

export interface ChatSent {
    seq?: number; // its place in the log; absent: nothing changed
}

export interface ChatSettings {
    pinned?: boolean; // on top of the list
    muted?: boolean; // no notices
    muted_until?: string; // with muted: until then; absent is for good
}

export interface ChatWarning {
    account?: boolean; // holds what looks like a bank account number
    messenger?: boolean; // leads to another messenger
}

export interface Deal {
    id: string; // the deal; also its chat room
    version: number; // grows with every change
    state: 'recruiting' | 'closing' | 'confirmed' | 'purchased' | 'arrived' | 'done' | 'failed' | 'cancelled'; // where it stands
    reason?: 'left' | 'no_money' | 'no_answer' | 'minimum' | 'host' | 'terms' | 'no_box' | 'shortage' | 'partial' | 'dispute' | 'wallet_stopped'; // why it ended
    host: DealPerson; // who recruits
    title: string; // what is shared
    description?: string; // not in lists
    category: 'fruit_vegetable' | 'grain' | 'meat_fish' | 'dairy_egg' | 'snack' | 'drink' | 'kitchen' | 'household' | 'baby' | 'pet' | 'beauty' | 'clothing' | 'other'; // as shops sort goods
    unit: string; // what one portion is
    unit_amount?: number; // of one portion, in measure
    measure?: 'g' | 'ml' | 'piece'; // of unit_amount
    unit_won?: number; // price of 100 g, 100 ml or one piece, rounded
    photos: string[]; // paths of the photos
    tags?: string[]; // words to find it by
    shop_url?: string; // page of the shop
    shape: 'lot' | 'boxes'; // one lot, or boxes
    total_won: number; // price of the lot, or of all boxes
    ceiling_won?: number; // the receipt may come to this
    portions: number; // portions of the lot, or of all boxes
    box_won?: number; // boxes: price of one
    box_portions?: number; // boxes: portions of one
    boxes_max?: number; // boxes: at most these
    boxes_full?: number; // boxes: whole as things stand
    box_missing?: number; // boxes: portions until the next is whole
    fill_minutes?: number; // boxes: so long before closing none may be broken
    host_portions: number; // kept by the host
    min_portions: number; // least sold to neighbours
    max_portions?: number; // most sold to neighbours
    each_max?: number; // most per neighbour
    delivery_won?: number; // cost of delivery
    delivery_rule?: 'equal' | 'by_quantity'; // how delivery is shared
    shortage_rule?: 'first_come' | 'pro_rata'; // who goes short
    offered?: number; // kept for offers to the waiting list
    terms?: number; // version of the terms
    receipt_won?: number; // total of the receipt
    receipt?: string; // path of the receipt's photo, for participants
    taken: number; // taken by neighbours
    left: number; // can still be joined
    portion_won: number; // most one portion can cost
    closes_at: string; // closing instant
    created_at: string; // opened
    cell_lat: number; // centre of the cell of about 500 m
    cell_lng: number; // centre of the cell of about 500 m
    distance_m?: number; // from the asked point to the cell
    pickup?: DealPickup; // exact place, for participants
    pickup_from: string; // pick-up window
    pickup_until: string; // pick-up window
    windows?: DealWindow[]; // pick-up windows
    wait?: DealWait; // the caller's place on the waiting list
    share?: DealShare; // the caller's own
    mine?: boolean; // the caller is the host
    market?: DealMarket; // what is counted of it
}

export interface DealAccept {
    terms: number; // the version that is accepted
}

export interface DealAppeal {
    id: string; // the appeal
    user: DealPerson; // who objects
    deal: string; // where it happened
    kind: 'paid' | 'picked_up' | 'left_late' | 'no_show' | 'hosted' | 'called_off'; // what
    state: 'open' | 'upheld' | 'rejected'; // where it stands
    text: string; // why it is wrong
    answer?: string; // of the admin
    created_at: string; // when
    decided_at?: string; // when it was decided
}

export interface DealAppealDecision {
    uphold: boolean; // true: the fact is struck
    answer: string; // to the neighbour
}

export interface DealAppealList {
    items: DealAppeal[]; // this page
    next?: string; // cursor of the next page
}

export interface DealAppealWrite {
    deal: string; // where it happened
    kind: 'paid' | 'picked_up' | 'left_late' | 'no_show' | 'hosted' | 'called_off'; // what is said to have happened
    text: string; // why it is wrong
}

export interface DealArrive {
    portions?: number; // that came; default all that were bought
}

export interface DealCalendar {
    url: string; // secret; a new one ends the old one
}

export interface DealChooseWindow {
    window: number; // its number, from 0
}

export interface DealComment {
    id: string; // the comment
    deal: string; // its deal
    reply_to?: string; // the comment it hangs on
    author: DealPerson; // who wrote
    by_host?: boolean; // the host speaks
    mine?: boolean; // the caller wrote it
    state: 'shown' | 'hidden' | 'reported' | 'removed'; // whether it is shown
    text?: string; // left out where it is not shown
    created_at: string; // when
}

export interface DealCommentList {
    items: DealComment[]; // this page
    next?: string; // cursor of the next page
}

export interface DealCommentWrite {
    text: string; // what one wants to say
    reply_to?: string; // the comment it answers
}

export interface DealCreate {
    title: string; // what is shared
    description: string; // all one should know
    category: 'fruit_vegetable' | 'grain' | 'meat_fish' | 'dairy_egg' | 'snack' | 'drink' | 'kitchen' | 'household' | 'baby' | 'pet' | 'beauty' | 'clothing' | 'other'; // as shops sort goods
    unit: string; // what one portion is
    unit_amount?: number; // of one portion; with measure
    measure?: 'g' | 'ml' | 'piece'; // of unit_amount
    photos: string[]; // names of uploaded photos, 1 to 10
    tags?: string[]; // words to find it by
    shop_url?: string; // page of the shop
    shape?: 'lot' | 'boxes'; // default lot
    total_won: number; // price of the lot, or of one box
    ceiling_won?: number; // the receipt may come to this; default the price
    portions: number; // portions of the lot, or of one box
    boxes_max?: number; // boxes: at most these
    fill_minutes?: number; // boxes: so long before closing no whole box may be broken; default 0
    host_portions: number; // the host keeps at least these
    min_portions: number; // least sold to neighbours
    max_portions?: number; // most sold to neighbours; default all but the host's
    each_max?: number; // most per neighbour; default no limit
    delivery_won?: number; // cost of delivery, default 0
    delivery_rule?: 'equal' | 'by_quantity'; // how delivery is shared, default by_quantity
    shortage_rule?: 'first_come' | 'pro_rata'; // who goes short when fewer goods come, default first_come
    closes_at: string; // closing instant, 10 minutes to 30 days from now
    pickup: DealPickup; // where and when to meet
    windows?: DealWindow[]; // pick-up windows; default one, that of pickup
    draft?: string; // the draft this comes from; it is removed
}

export interface DealDispute {
    id: string; // the dispute
    deal: string; // the deal
    share: string; // the share
    user: DealPerson; // the neighbour
    host: DealPerson; // the host
    title: string; // of the deal
    state: 'open' | 'answered' | 'agreed' | 'decided' | 'lapsed'; // where it stands
    message: string; // what is wrong
    photos?: string[]; // paths
    answer?: string; // the host's side
    decision?: string; // the admin's reason
    amount_won: number; // in escrow when it began
    asked_won: number; // asked for
    offered_won?: number; // the host's offer
    refund_won?: number; // given back in the end
    opened_at: string; // when
    answered_at?: string; // when
    ended_at?: string; // when
    due_at?: string; // what was said last stands then
}

export interface DealDisputeAnswer {
    message: string; // the host's side
    refund_won: number; // offered
}

export interface DealDisputeDecide {
    message: string; // why
    refund_won: number; // given back
}

export interface DealDisputeList {
    items: DealDispute[]; // oldest first
    next?: string; // cursor of the next page
}

export interface DealDisputeOpen {
    message: string; // what is wrong
    photos?: string[]; // names of uploaded photos
    refund_won?: number; // asked for; default everything
}

export interface DealDraft {
    id: string; // the draft
    deal: DealDraftBody; // what it says so far
    saved_at: string; // when
}

export interface DealDraftBody {
    title?: string; // what is shared
    description?: string; // all one should know
    category?: 'fruit_vegetable' | 'grain' | 'meat_fish' | 'dairy_egg' | 'snack' | 'drink' | 'kitchen' | 'household' | 'baby' | 'pet' | 'beauty' | 'clothing' | 'other'; // as shops sort goods
    unit?: string; // what one portion is
    unit_amount?: number; // of one portion; with measure
    measure?: 'g' | 'ml' | 'piece'; // of unit_amount
    photos?: string[]; // names of uploaded photos, 1 to 10
    tags?: string[]; // words to find it by
    shop_url?: string; // page of the shop
    shape?: 'lot' | 'boxes'; // default lot
    total_won?: number; // price of the lot, or of one box
    ceiling_won?: number; // the receipt may come to this; default the price
    portions?: number; // portions of the lot, or of one box
    boxes_max?: number; // boxes: at most these
    fill_minutes?: number; // boxes: so long before closing no whole box may be broken; default 0
    host_portions?: number; // the host keeps at least these
    min_portions?: number; // least sold to neighbours
    max_portions?: number; // most sold to neighbours; default all but the host's
    each_max?: number; // most per neighbour; default no limit
    delivery_won?: number; // cost of delivery, default 0
    delivery_rule?: 'equal' | 'by_quantity'; // how delivery is shared, default by_quantity
    shortage_rule?: 'first_come' | 'pro_rata'; // who goes short when fewer goods come, default first_come
    closes_at?: string; // closing instant, 10 minutes to 30 days from now
    pickup?: DealPickup; // where and when to meet
    windows?: DealWindow[]; // pick-up windows; default one, that of pickup
}

export interface DealDraftList {
    items: DealDraft[]; // last saved first
    next?: string; // cursor of the next page
}

export interface DealEdit {
    title?: string; // what is shared
    description?: string; // all one should know
    category?: 'fruit_vegetable' | 'grain' | 'meat_fish' | 'dairy_egg' | 'snack' | 'drink' | 'kitchen' | 'household' | 'baby' | 'pet' | 'beauty' | 'clothing' | 'other'; // as shops sort goods
    unit?: string; // what one portion is
    unit_amount?: number; // of one portion; with measure
    measure?: 'g' | 'ml' | 'piece'; // of unit_amount
    photos?: string[]; // names of uploaded photos, 1 to 10
    tags?: string[]; // words to find it by
    shop_url?: string; // page of the shop
    shape?: 'lot' | 'boxes'; // default lot
    total_won?: number; // price of the lot, or of one box
    ceiling_won?: number; // the receipt may come to this; default the price
    portions?: number; // portions of the lot, or of one box
    boxes_max?: number; // boxes: at most these
    fill_minutes?: number; // boxes: so long before closing no whole box may be broken; default 0
    host_portions?: number; // the host keeps at least these
    min_portions?: number; // least sold to neighbours
    max_portions?: number; // most sold to neighbours; default all but the host's
    each_max?: number; // most per neighbour; default no limit
    delivery_won?: number; // cost of delivery, default 0
    delivery_rule?: 'equal' | 'by_quantity'; // how delivery is shared, default by_quantity
    shortage_rule?: 'first_come' | 'pro_rata'; // who goes short when fewer goods come, default first_come
    closes_at?: string; // closing instant, 10 minutes to 30 days from now
    pickup?: DealPickup; // where and when to meet
    windows?: DealWindow[]; // pick-up windows; default one, that of pickup
}

export interface DealFact {
    kind: 'paid' | 'picked_up' | 'left_late' | 'no_show' | 'hosted' | 'called_off'; // what happened
    deal: string; // where
    title?: string; // of the deal
    at: string; // when
    struck?: boolean; // taken back after an appeal
}

export interface DealFactList {
    items: DealFact[]; // this page
    next?: string; // cursor of the next page
}

export interface DealHandover {
    code?: string; // what the neighbour shows
    qr?: string; // or what the picture says
    quantity?: number; // portions handed over; default all
    scanned_at?: string; // when; default now
}

export interface DealHandoverResult {
    code?: string; // why not; left out: it is handed over
    share?: string; // whose it was
}

export interface DealHandoverResults {
    items: DealHandoverResult[]; // in the order of the request
}

export interface DealHandoverSync {
    items: DealHandover[]; // in the order of scanning
}

export interface DealJoin {
    quantity: number; // portions for sure
    tolerance?: number; // more if they fill the lot, default 0
    terms?: number; // version of the terms seen; default whatever it is
}

export interface DealLevel {
    user: DealPerson; // whose
    level: number; // the level
    points: number; // sum of the lines
    lines: DealPoints[]; // where they come from
}

export interface DealLevelFormula {
    lines: DealPoints[]; // points for each fact
    steps: DealLevelStep[]; // points to levels
    text: string; // in Korean, for the page
}

export interface DealLevelStep {
    level: number; // the level
    points: number; // begins here
}

export interface DealLink {
    url: string; // page of a shop, http or https
}

export interface DealLinkPreview {
    url: string; // as asked
    title?: string; // proposed
    description?: string; // proposed
    site?: string; // whose page it is
    price_won?: number; // proposed
    photo?: string; // to use in a deal: stored for the caller
    photo_url?: string; // where it is served
}

export interface DealList {
    items: Deal[]; // this page
    next?: string; // cursor of the next page
}

export interface DealMap {
    items: DealMapCell[]; // cells with deals
    step: number; // degrees from one cell to the next
}

export interface DealMapCell {
    lat: number; // centre
    lng: number; // centre
    deals: number; // that recruit here
}

export interface DealMarket {
    views: number; // people who looked, reloads ignored
    saves: number; // people who saved it
    comments: number; // comments and replies
    saved?: boolean; // by the caller
}

export interface DealOrder {
    quantity: number; // portions of every deal
    tolerance?: number; // more if they fill the lot
}

export interface DealPerson {
    id: string; // the account
    nickname?: string; // left out while it is not known yet
}

export interface DealPhoto {
    name: string; // to use in a deal
    url: string; // where it is served
}

export interface DealPickup {
    place: string; // where to meet
    note?: string; // how to find it
    lat: number; // latitude
    lng: number; // longitude
    from: string; // start of the window
    until: string; // end of the window
}

export interface DealPoints {
    fact: string; // what happened
    count?: number; // how often
    points: number; // for each
    because?: string; // in Korean, for the page
}

export interface DealPurchase {
    total_won: number; // total of the receipt, goods only
    delivery_won?: number; // delivery as it came; default as planned
    receipt: string; // name of the uploaded photo
}

export interface DealReport {
    reason: string; // what is wrong with it
}

export interface DealReview {
    on_time: boolean; // came, or had it ready, when it was agreed
    friendly: boolean; // was friendly
    again: boolean; // would share with again
    as_described?: boolean; // of the host: the goods were as described
}

export interface DealReviewDue {
    deal: string; // the deal
    title: string; // of the deal
    about: DealPerson; // whom to review
    about_host?: boolean; // as host
}

export interface DealReviewDueList {
    items: DealReviewDue[]; // this page
    next?: string; // cursor of the next page
}

export interface DealSeries {
    id: string; // the series
    host: string; // whose
    first: string; // the deal all are like
    last: string; // opened last
    rule: string; // when the next ones open
    zone: string; // on whose clock
    made: number; // deals so far
    next_at?: string; // left out: it has ended
    mine?: boolean; // the caller is its host
}

export interface DealSeriesList {
    items: DealSeries[]; // this page
    next?: string; // cursor of the next page
}

export interface DealSeriesWrite {
    deal: string; // the caller's; every next one is like it
    rule: string; // part of RFC 5545: FREQ=WEEKLY;BYDAY=MO
    zone?: string; // default Asia/Seoul
}

export interface DealShare {
    id: string; // the share
    deal: string; // its deal
    user: DealPerson; // whose
    state: 'reserved' | 'held' | 'captured' | 'handed_over' | 'settled' | 'rejected' | 'released' | 'disputed' | 'refunded'; // where it stands
    reason?: 'left' | 'no_money' | 'no_answer' | 'minimum' | 'host' | 'terms' | 'no_box' | 'shortage' | 'partial' | 'dispute' | 'wallet_stopped'; // why it ended
    quantity: number; // portions for sure
    tolerance: number; // more if they fill the lot
    allotted?: number; // portions given at closing
    max_won: number; // most it can cost
    amount_won?: number; // what it costs
    refunded_won?: number; // given back after the receipt
    code?: string; // to show at hand-over; own share only
    qr?: string; // the code as signed text, for a picture
    joined_at: string; // when
    terms?: number; // version of the terms accepted
    accept_by?: string; // newer terms wait for acceptance until then
    want_quantity?: number; // a change that waits for its money
    want_tolerance?: number; // likewise
    window?: number; // pick-up window chosen
    received?: number; // portions there are for this share
    because?: string; // why so many, in Korean
    no_show?: boolean; // did not come to the pick-up
}

export interface DealShareList {
    items: DealShare[]; // this page
    next?: string; // cursor of the next page
}

export interface DealTerms {
    version: number; // 1, 2, 3 ...
    since: string; // from when on
    deal: DealEdit; // what is agreed to
}

export interface DealTermsList {
    items: DealTerms[]; // newest first
    next?: string; // cursor of the next page
}

export interface DealWait {
    id: string; // the place on the list
    deal: string; // of which deal
    state: 'waiting' | 'offered' | 'taken' | 'lapsed' | 'left'; // where it stands
    quantity: number; // portions for sure
    tolerance: number; // more if they fill the lot
    ahead?: number; // how many wait before
    offered?: number; // portions kept for the caller
    offered_until?: string; // join before this
}

export interface DealWindow {
    from: string; // begins
    until: string; // ends
    chosen?: number; // shares that come then
}

export interface DealWish {
    id: string; // the request
    user: DealPerson; // who asks
    title: string; // what should be shared
    text?: string; // more about it
    category: 'fruit_vegetable' | 'grain' | 'meat_fish' | 'dairy_egg' | 'snack' | 'drink' | 'kitchen' | 'household' | 'baby' | 'pet' | 'beauty' | 'clothing' | 'other'; // as shops sort goods
    cell_lat: number; // centre of its cell
    cell_lng: number; // centre of its cell
    distance_m?: number; // from the asked point to the cell
    votes: number; // who would join
    voted?: boolean; // the caller among them
    mine?: boolean; // the caller asked
    deal?: string; // a deal that was opened for it
    created_at: string; // when
}

export interface DealWishAnswer {
    deal: string; // the caller's own deal
}

export interface DealWishList {
    items: DealWish[]; // this page
    next?: string; // cursor of the next page
}

export interface DealWishWrite {
    title: string; // what should be shared
    text?: string; // more about it
    category: 'fruit_vegetable' | 'grain' | 'meat_fish' | 'dairy_egg' | 'snack' | 'drink' | 'kitchen' | 'household' | 'baby' | 'pet' | 'beauty' | 'clothing' | 'other'; // as shops sort goods
    lat: number; // where; kept as a cell of 500 m
    lng: number; // where; kept as a cell of 500 m
}

export interface AdminState {
    posted_sum_won: number; // of all accounts; must be 0
    pending_off_won: number; // pending less holds and withdrawals; must be 0
    accounts_stopped: number; // by the auditor
    reviews_open: number; // not decided
    corrections_proposed: number; // wait for the second
    withdrawals_open: number; // pending at the bank
    last?: Reconciliation; // newest report
}

export interface Balance {
    at: string; // the instant
    posted_won: number; // in the wallet then
    version: number; // entries by then
}

export interface BankAccount {
    id: string; // the registration
    bank: string; // code of the bank
    bank_name?: string; // name of the bank
    number: string; // the last four digits visible
    holder: string; // the bank's name for its owner
    added_at: string; // when
}

export interface BankAccountCreate {
    bank: string; // code of the bank
    number: string; // digits only
    holder: string; // whose account it is
}

export interface BankAccountList {
    items: BankAccount[]; // oldest first
}

export interface Charge {
    id: string; // the charge; the provider's orderId
    state: 'created' | 'done' | 'failed'; // where it stands
    amount_won: number; // to bring in
    checkout_url?: string; // the provider's page
    created_at: string; // when
}

export interface ChargeConfirm {
    payment_key: string; // paymentKey of the return address
    amount_won: number; // amount of the return address
    currency?: 'KRW'; // the only one there is
}

export interface ChargeCreate {
    amount_won: number; // to bring in
    currency?: 'KRW'; // the only one there is
}

export interface Contact {
    user: string; // the neighbour
    nickname?: string; // name
    deal?: string; // the newest shared deal
    title?: string; // of that deal
}

export interface ContactList {
    items: Contact[]; // nearest first
}

export interface Correction {
    id: string; // the correction
    from: string; // account that pays
    to: string; // account that gets it
    amount_won: number; // moved
    reason: string; // why
    state: string; // proposed, applied, rejected
    review?: string; // the review it settles
    proposed_by: string; // administrator
    decided_by?: string; // another administrator
    transfer?: string; // applied: the entry
    proposed_at: string; // when
    decided_at?: string; // when
}

export interface CorrectionCreate {
    from_user?: string; // out of this wallet; or
    from_house?: 'suspense' | 'fees' | 'promotions' | 'provider' | 'bank'; // out of this account
    to_user?: string; // into this wallet; or
    to_house?: 'suspense' | 'fees' | 'promotions' | 'provider' | 'bank'; // into this account
    amount_won: number; // to move
    currency?: 'KRW'; // the only one there is
    reason: string; // why; the wallet's owner reads it
    review?: string; // the review it settles
}

export interface CorrectionList {
    items: Correction[]; // newest first
}

export interface Entry {
    id: string; // the transfer
    kind: 'charge' | 'capture' | 'refund' | 'payout' | 'remit' | 'withdraw' | 'reversal' | 'correction' | 'fee'; // why
    amount_won: number; // + came in, - went out
    balance_won: number; // posted, after this
    version: number; // 1, 2, 3 ... in this wallet
    deal?: string; // for which deal
    share?: string; // for which share
    at: string; // when
    hash: string; // SHA-256 chain of the wallet
}

export interface EntryList {
    items: Entry[]; // newest first
    next?: string; // cursor of the next page
}

export interface EntryProof {
    account: string; // whose entry
    transfer: string; // of which transfer
    kind: 'charge' | 'capture' | 'refund' | 'payout' | 'remit' | 'withdraw' | 'reversal' | 'correction' | 'fee'; // why
    version: number; // place in the account's chain
    amount_won: number; // + came in, - went out
    balance_won: number; // posted, after it
    deal?: string; // for which deal
    share?: string; // for which share
    at: string; // when
    previous_hash: string; // of the entry before
    hash: string; // SHA-256 of all above
    entry_index: number; // leaf in the account's tree
    entry_count: number; // leaves of that tree
    entry_path: string[]; // hashes from the leaf up
    account_root: string; // root of the account's tree
    account_index: number; // leaf in the seal's tree
    account_count: number; // leaves of that tree
    account_path: string[]; // hashes from the leaf up
    seal: number; // number of the seal
    root: string; // of the seal
}

export interface Finding {
    kind: string; // what does not agree
    reference: string; // charge, withdrawal or foreign reference
    ours_won?: number; // what we have
    theirs_won?: number; // what they have
    outcome: string; // healed, review (held for it) or decided (by two administrators)
}

export interface Hold {
    share: string; // the share; also the hold
    deal: string; // the deal
    state: 'pending' | 'captured' | 'voided' | 'refused' | 'expired'; // where it stands
    amount_won: number; // the most it can cost
    captured_won: number; // taken into escrow
    refunded_won: number; // given back from escrow
    paid_out_won: number; // paid to the host
    placed_at: string; // when
    expires_at: string; // its own deadline
}

export interface HoldList {
    items: Hold[]; // newest first
    next?: string; // cursor of the next page
}

export interface Limits {
    move_won: number; // of one move
    day_won: number; // of one day in Seoul
    spent_won: number; // of the day so far
    left_won: number; // of the day
    wallet_won: number; // no charge brings a wallet above this
    charge_min_won: number; // of one charge, at least
    charge_max_won: number; // of one charge, at most
    withdraw_min_won: number; // of one withdrawal, at least
}

export interface Line {
    id: string; // the transfer
    kind: 'charge' | 'capture' | 'refund' | 'payout' | 'remit' | 'withdraw' | 'reversal' | 'correction' | 'fee'; // why
    amount_won: number; // + came in, - went out
    balance_won: number; // posted, after this line
    version: number; // 1, 2, 3 ... in this wallet
    counterpart?: string; // the neighbour on the other side
    counterpart_nickname?: string; // name; gone when the account is
    bank?: string; // withdraw: code of the bank
    number?: string; // withdraw: the last four digits visible
    memo?: string; // a word with it; correction: why
    deal?: string; // for which deal
    share?: string; // for which share
    room?: string; // sent from which chat room
    request?: string; // answering which 1/N request
    deal_title?: string; // of the deal
    deal_path?: string; // where the deal is
    terms?: number; // version of the terms the share accepted
    receipt_path?: string; // where the receipt is shown
    receipt_won?: number; // what the lot cost
    handed_over_at?: string; // when the goods changed hands
    at: string; // when
    hash: string; // SHA-256 chain of the wallet
}

export interface LineList {
    items: Line[]; // newest first
    next?: string; // cursor of the next page
}

export interface OrphanWon {
    what: string; // hold, escrow, withdrawal or account
    id: string; // of that
    account: string; // where it lies
    won: number; // how much
    reason?: string; // why, as far as is known
}

export interface OrphanWonList {
    items: OrphanWon[]; // none
}

export interface Part {
    user: string; // who
    nickname?: string; // name
    amount_won: number; // asked
    paid_won: number; // paid so far
    state: 'open' | 'paid' | 'declined' | 'cancelled'; // where it stands
}

export interface PartCreate {
    user?: string; // who; or
    nickname?: string; // the neighbour of this name
    amount_won?: number; // custom: this much
}

export interface ReconcileNow {
    day: string; // 2026-11-21
}

export interface Reconciliation {
    id: string; // the report
    day: string; // of provider and bank, in Seoul
    state: string; // clean, open
    charges: number; // payments of the provider
    charges_won: number; // of them
    reversals_won: number; // taken back of them
    withdrawals: number; // lines of the bank
    withdrawals_won: number; // of them
    healed: number; // differences that could be repaired
    unexplained: number; // differences held for review
    made_at: string; // when
    findings?: Finding[]; // not in lists
}

export interface ReconciliationList {
    items: Reconciliation[]; // newest first
}

export interface Reminder {
    at: string; // when
    sent: boolean; // over
}

export interface ReminderAt {
    at: string; // when
}

export interface Reminders {
    reminders: ReminderAt[]; // when
}

export interface Remittance {
    id: string; // the transfer
    to_user: string; // who got it
    to_nickname?: string; // name of who got it
    amount_won: number; // sent
    memo?: string; // a word with it
    available_won: number; // left to the sender
    at: string; // when
    dry_run?: boolean; // true: nothing has moved
}

export interface RemittanceCreate {
    to_nickname?: string; // to the neighbour of this name
    to_user?: string; // or to this contact
    amount_won: number; // to send
    currency?: 'KRW'; // the only one there is
    memo?: string; // a word with it; both see it
    deal?: string; // in which deal's context
    room?: string; // sent from which chat room
}

export interface Request {
    id: string; // the request
    creator: string; // who asks
    creator_nickname?: string; // name of who asks
    title: string; // what for
    memo?: string; // a word with it
    deal?: string; // in which deal's context
    room?: string; // from which chat room
    state: 'open' | 'done' | 'cancelled'; // where it stands
    asked_won: number; // of everybody who did not decline
    paid_won: number; // by everybody
    mine_open_won: number; // the caller still owes this
    created_at: string; // when
    rounds?: Round[]; // the bills; not in lists
    reminders?: Reminder[]; // creator only; not in lists
}

export interface RequestCreate {
    title: string; // what for
    memo?: string; // a word with it
    deal?: string; // in which deal's context
    room?: string; // from which chat room
    rounds: RoundCreate[]; // the bills
    reminders?: ReminderAt[]; // when to remind who has not paid
}

export interface RequestDecline {
    reason?: string; // why
}

export interface RequestList {
    items: Request[]; // newest first
    next?: string; // cursor of the next page
}

export interface RequestPay {
    amount_won: number; // all of one's own that is open, or less
    currency?: 'KRW'; // the only one there is
}

export interface Review {
    id: string; // the review
    kind: string; // withdrawal, reversal, charge, provider, bank
    subject: string; // which withdrawal, charge ...
    user?: string; // whose
    amount_won: number; // what it is about
    detail: string; // why it is held
    state: string; // open, proposed, decided
    opened_at: string; // since when
    proposal?: string; // post, void, close
    reason?: string; // of the proposal
    proposed_by?: string; // administrator
    decided_by?: string; // another administrator
    proposed_at?: string; // when
    decided_at?: string; // when
}

export interface ReviewList {
    items: Review[]; // oldest first
    next?: string; // cursor of the next page
}

export interface ReviewPropose {
    decision: 'post' | 'void' | 'close'; // what is to happen
    reason: string; // why
}

export interface Round {
    round: number; // 1, 2 ...
    title?: string; // of this round
    total_won: number; // the whole bill
    split: 'equal' | 'custom'; // how it was split
    own_won: number; // the creator's own part
    receipt?: string; // photo or link
    people: Part[]; // the status board
}

export interface RoundCreate {
    title?: string; // of this round: '2차 카페'
    total_won: number; // the whole bill
    currency?: 'KRW'; // the only one there is
    split: 'equal' | 'custom'; // how it is split
    include_me?: boolean; // the creator bears a part, and the odd won
    receipt?: string; // name of an uploaded photo, or an https link
    people: PartCreate[]; // who is asked
}

export interface Seal {
    number: number; // 1, 2, 3 ...
    day: string; // of Seoul
    accounts: number; // that gained entries
    entries: number; // under this root
    root: string; // Merkle root
    made_at: string; // when
}

export interface SealList {
    items: Seal[]; // newest first
    next?: string; // cursor of the next page
}

export interface Wallet {
    posted_won: number; // all that is in it
    held_won: number; // held for deals
    available_won: number; // posted less held
    version: number; // entries so far
}

export interface Withdrawal {
    id: string; // the withdrawal; the bank's reference of it
    state: 'pending' | 'posted' | 'voided' | 'review'; // where it stands
    amount_won: number; // paid out
    bank_account: string; // where it goes
    bank: string; // code of the bank
    number: string; // the last four digits visible
    reason?: string; // voided: the bank's code
    created_at: string; // when it was asked for
    ended_at?: string; // when it was decided
    dry_run?: boolean; // true: nothing has moved
}

export interface WithdrawalCreate {
    bank_account: string; // where it goes
    amount_won: number; // to pay out
    currency?: 'KRW'; // the only one there is
}

export interface WithdrawalList {
    items: Withdrawal[]; // newest first
    next?: string; // cursor of the next page
}

export interface Ack {
    token: string; // `ack` of the payload
    what: 'shown' | 'clicked'; // what the device did
}

export interface Attempt {
    channel: 'web' | 'sms'; // which way
    result: 'accepted' | 'deferred' | 'gone' | 'rejected' | 'no_budget'; // what the push service or gateway said
    device?: string; // to which device
    status?: number; // HTTP status of its answer
    tries: number; // how often it was asked
    at: string; // when it was asked last
    shown_at?: string; // when the device has shown it
    clicked_at?: string; // when somebody clicked it
}

export interface Consents {
    ads?: boolean; // agrees to advertising; saying so again confirms it
    ads_at_night?: boolean; // also from 21 to 8 o'clock
    ads_since?: string; // given or confirmed last (read only)
    ads_at_night_since?: string; // given or confirmed last (read only)
    lapses_at?: string; // unless confirmed by then (read only)
}

export interface Device {
    id: string; // the device
    endpoint: string; // where its push service listens
    created_at: string; // when
    active_at?: string; // last sign of life
    resubscribe?: boolean; // its key is being retired: subscribe with the new one
}

export interface DeviceKeys {
    p256dh: string; // P-256 point, base64url
    auth: string; // 16 bytes, base64url
}

export interface DeviceList {
    items: Device[]; // all of them
    next?: string; // never there: one page
}

export interface DevicePut {
    endpoint: string; // of the PushSubscription
    keys: DeviceKeys; // of the PushSubscription
    lang?: 'ko' | 'en'; // language of its notices, default ko
    key?: string; // applicationServerKey it was made with
}

export interface Export {
    preferences: Preferences; // what one wants to be told
    consents: Consents; // consent to advertising
    mutes: Mute[]; // muted deals
    keywords: Keyword[]; // keywords
    devices: Device[]; // subscribed devices
    notices: Notice[]; // the inbox, the newest 2,000
    sms: Sms[]; // text messages
}

export interface Keyword {
    id: string; // the keyword
    word: string; // what to look for in titles
    lat: number; // middle of the circle
    lng: number; // middle of the circle
    radius_m: number; // metres
    created_at: string; // when
}

export interface KeywordList {
    items: Keyword[]; // all of them
}

export interface KeywordNew {
    word: string; // what to look for in titles
    lat: number; // middle of the circle
    lng: number; // middle of the circle
    radius_m: number; // metres
}

export interface KindWish {
    kind: 'joined' | 'left' | 'refused' | 'confirmed' | 'failed' | 'cancelled' | 'purchased' | 'arrived' | 'handed_over' | 'paid_out' | 'charged' | 'new_device' | 'nearly_full' | 'full' | 'terms' | 'released' | 'closing_day' | 'closing_hour' | 'pickup_today' | 'pickup_soon' | 'code' | 'no_show' | 'adjusted' | 'dispute_opened' | 'dispute_answered' | 'dispute_resolved' | 'money' | 'withdrawal_failed' | 'request' | 'request_again' | 'request_paid' | 'request_declined' | 'review' | 'wait_offered' | 'wait_lapsed' | 'keyword' | 'comment' | 'reply' | 'chat' | 'mention' | 'suspended' | 'unsuspended' | 'closing_account' | 'digest' | 'consent_changed' | 'consent_check' | 'promotion' | 'wait_ended' | 'token_reused' | 'recovery' | 'password'; // which kind
    class?: 'transactional' | 'service' | 'ad'; // what the law makes of it (read only)
    web: 'now' | 'digest' | 'off'; // on devices
    sms?: boolean; // by text message when no device has shown it
    may_sms?: boolean; // text messages are possible (read only)
    always?: boolean; // cannot be switched off (read only)
}

export interface Mute {
    deal: string; // which deal
    until?: string; // absent: until it is taken away
}

export interface MuteList {
    items: Mute[]; // those that stand
}

export interface MutePut {
    until?: string; // absent: until it is taken away
}

export interface Notice {
    id: string; // the notice
    kind: 'joined' | 'left' | 'refused' | 'confirmed' | 'failed' | 'cancelled' | 'purchased' | 'arrived' | 'handed_over' | 'paid_out' | 'charged' | 'new_device' | 'nearly_full' | 'full' | 'terms' | 'released' | 'closing_day' | 'closing_hour' | 'pickup_today' | 'pickup_soon' | 'code' | 'no_show' | 'adjusted' | 'dispute_opened' | 'dispute_answered' | 'dispute_resolved' | 'money' | 'withdrawal_failed' | 'request' | 'request_again' | 'request_paid' | 'request_declined' | 'review' | 'wait_offered' | 'wait_lapsed' | 'keyword' | 'comment' | 'reply' | 'chat' | 'mention' | 'suspended' | 'unsuspended' | 'closing_account' | 'digest' | 'consent_changed' | 'consent_check' | 'promotion' | 'wait_ended' | 'token_reused' | 'recovery' | 'password'; // what it is about
    title: string; // headline
    body: string; // one or two sentences
    link: string; // where it leads, a path of the client
    deal?: string; // which deal
    amount_won?: number; // money it tells of
    until?: string; // the instant it speaks of
    read?: boolean; // was read
    archived?: boolean; // was put away
    snoozed_until?: string; // comes back then, unread
    at: string; // when
}

export interface NoticeList {
    items: Notice[]; // newest first
    next?: string; // cursor of the next page
    unread: number; // unread in all
}

export interface Phone {
    phone: string; // mobile number, digits only
}

export interface PhoneProve {
    code: string; // from the text message
}

export interface Preferences {
    lang?: 'ko' | 'en'; // of text messages, default ko
    tz?: string; // time zone, default Asia/Seoul
    quiet?: QuietHours; // quiet hours; absent: none
    digest_every?: number; // minutes: 60 or 1440, default 1440
    digest_at?: number; // minute of the local day, default 1080
    kinds?: KindWish[]; // by kind
}

export interface Promotion {
    title: string; // Korean, without the mark
    body: string; // Korean
    title_en?: string; // English
    body_en?: string; // English
}

export interface PromotionSent {
    id: string; // of the promotion
}

export interface QuietHours {
    from: number; // minute of the local day
    until: number; // minute of the local day; before `from`: of the next
}

export interface ReadAll {
    up_to: string; // newest notice that was seen
}

export interface Sms {
    id: string; // the message
    notice?: string; // of which notice
    type: 'none' | 'sms' | 'lms'; // short or long
    cost_won: number; // what it cost us
    state: 'sent' | 'delivered' | 'failed' | 'refused'; // what the gateway says
    at: string; // when
}

export interface SmsView {
    phone?: string; // last four digits visible
    since?: string; // when it was proved
    items: Sms[]; // newest first
}

export interface Snooze {
    until: string; // three minutes to 90 days ahead
}

export interface Trace {
    id: string; // the notice
    kind: 'joined' | 'left' | 'refused' | 'confirmed' | 'failed' | 'cancelled' | 'purchased' | 'arrived' | 'handed_over' | 'paid_out' | 'charged' | 'new_device' | 'nearly_full' | 'full' | 'terms' | 'released' | 'closing_day' | 'closing_hour' | 'pickup_today' | 'pickup_soon' | 'code' | 'no_show' | 'adjusted' | 'dispute_opened' | 'dispute_answered' | 'dispute_resolved' | 'money' | 'withdrawal_failed' | 'request' | 'request_again' | 'request_paid' | 'request_declined' | 'review' | 'wait_offered' | 'wait_lapsed' | 'keyword' | 'comment' | 'reply' | 'chat' | 'mention' | 'suspended' | 'unsuspended' | 'closing_account' | 'digest' | 'consent_changed' | 'consent_check' | 'promotion' | 'wait_ended' | 'token_reused' | 'recovery' | 'password'; // what it is about
    fate: 'sent' | 'off' | 'muted' | 'digest' | 'no_device' | 'no_consent'; // what was decided for its channels
    end?: 'sent' | 'shown' | 'read' | 'stale' | 'expired' | 'quiet' | 'muted' | 'unwanted'; // how its way ended; absent: under way, or none
    at: string; // when it happened
    read_at?: string; // when it was read
    next_at?: string; // when it is looked at next
    give_up_at?: string; // until when it is of use
    digest_at?: string; // the digest it waits for
    ended_at?: string; // when its way ended
    attempts: Attempt[]; // first one first
}

export interface VapidKey {
    key: string; // applicationServerKey, base64url
}

export interface ChatBlocked {
    user: string; // whom one has blocked
}

export interface ChatConnect {
    token: string; // access token
    rooms?: ChatPosition[]; // where the client stands
}

export interface ChatFrameAct {
    room: string; // the room
    cid: string; // the client's own id of this act
    edit?: ChatEdit; // change one's message
    delete?: ChatDelete; // take it back
    react?: ChatReact; // react to a message
    pin?: ChatPin; // the host's notice
}

export interface ChatFrameAuth {
    token: string; // fresh access token
}

export interface ChatFrameBye {
    code: number; // 4000-4499: come again, 4500-4999: do not
    reason: string; // in a word
    retry?: boolean; // come again
    after_ms?: number; // after so long
}

export interface ChatFrameError {
    code: string; // stable code
    retryable?: boolean; // the same frame may succeed later
    detail?: string; // for a developer
}

export interface ChatFrameIn {
    id: number; // echoed in the answer
    connect?: ChatConnect; // first frame
    send?: ChatFrameSend; // a message
    act?: ChatFrameAct; // edit, delete, react or pin
    read?: ChatFrameRead; // a read mark
    resume?: ChatFrameResume; // go back
    typing?: ChatFrameTyping; // one is writing; not answered when it is fine
    watch?: ChatFrameWatch; // deals to be told of
    auth?: ChatFrameAuth; // a fresh token
}

export interface ChatFrameInbox {
    unread: number; // unread notices
}

export interface ChatFrameMark {
    seq: number; // read up to here
    unread: number; // unread in the room
}

export interface ChatFrameOk {
    seq?: number; // of a send or act; absent: nothing changed
    rooms?: ChatPosition[]; // of a connect: newest seq of each room
    blocks?: ChatBlocked[]; // of a connect
    ping_ms?: number; // of a connect: a ping comes at least so often
}

export interface ChatFrameOut {
    id?: number; // of the frame this answers
    ok?: ChatFrameOk; // answer
    error?: ChatFrameError; // answer
    room?: string; // of entry, left, typing or mark
    entry?: ChatEntry; // something new in the room
    left?: boolean; // one is no longer in the room
    typing?: string; // who is writing; holds for six seconds
    positions?: ChatPosition[]; // of a ping: newest seq of each room
    ping?: boolean; // still here
    mark?: ChatFrameMark; // one's own read mark
    progress?: ChatProgress; // a watched deal
    inbox?: ChatFrameInbox; // unread notices
    bye?: ChatFrameBye; // the socket closes
}

export interface ChatFrameRead {
    room: string; // the room
    seq: number; // read up to here
}

export interface ChatFrameResume {
    room: string; // the room
    seq: number; // everything above this comes once more
}

export interface ChatFrameSend {
    room: string; // the room
    cid: string; // the client's own id of this message
    text?: string; // the message
    reply?: number; // seq of what it answers
    images?: string[]; // names of uploaded pictures
    place?: ChatPlace; // a place
    mentions?: ChatMention[]; // who is called
}

export interface ChatFrameTyping {
    room: string; // where one writes
}

export interface ChatFrameWatch {
    deals: ChatWatched[]; // these and no others
}

export interface ChatPosition {
    room: string; // the room
    seq: number; // last one seen, or newest
}

export interface ChatProgress {
    deal: string; // the deal
    state: string; // where it stands
    taken: number; // portions that are taken
    portions: number; // of so many
}

export interface ChatWatched {
    deal: string; // a deal
}

/** Every route: what it is asked with, and what it answers. */
export interface Routes {
    'POST /v1/auth/phone-codes': { query: undefined; body: AuthPhoneCode; reply: AuthPhoneCodeSent; keyed: false; open: true };
    'POST /v1/auth/signup': { query: undefined; body: AuthSignup; reply: AuthToken; keyed: false; open: true };
    'GET /v1/auth/availability': { query: { login_id?: string; nickname?: string }; body: undefined; reply: AuthAvailability; keyed: false; open: true };
    'POST /v1/auth/login': { query: undefined; body: AuthLogin; reply: AuthToken; keyed: false; open: true };
    'POST /v1/auth/refresh': { query: undefined; body: undefined; reply: AuthToken; keyed: false; open: true };
    'POST /v1/auth/logout': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/auth/logout-others': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/auth/sessions': { query: { limit?: number; cursor?: string }; body: undefined; reply: AuthSessionList; keyed: false; open: false };
    'DELETE /v1/auth/sessions/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/auth/me': { query: undefined; body: undefined; reply: AuthUser; keyed: false; open: false };
    'PATCH /v1/auth/me': { query: undefined; body: AuthProfileChange; reply: AuthUser; keyed: false; open: false };
    'GET /v1/auth/jwks.json': { query: undefined; body: undefined; reply: undefined; keyed: false; open: true };
    'POST /v1/auth/find-id': { query: undefined; body: AuthFindId; reply: AuthFoundId; keyed: false; open: true };
    'POST /v1/auth/reset-password': { query: undefined; body: AuthResetPassword; reply: undefined; keyed: false; open: true };
    'PUT /v1/auth/password': { query: undefined; body: AuthPasswordNew; reply: undefined; keyed: false; open: false };
    'PUT /v1/auth/phone': { query: undefined; body: AuthPhoneNew; reply: undefined; keyed: false; open: false };
    'PUT /v1/auth/me/picture': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'DELETE /v1/auth/me/picture': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/auth/users/{id}': { query: undefined; body: undefined; reply: AuthNeighbour; keyed: false; open: false };
    'GET /v1/auth/users/{id}/picture/{hash}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: true };
    'POST /v1/auth/oauth/{provider}/start': { query: undefined; body: undefined; reply: AuthSocialStart; keyed: false; open: true };
    'POST /v1/auth/oauth/{provider}/link': { query: undefined; body: undefined; reply: AuthSocialStart; keyed: false; open: false };
    'GET /v1/auth/oauth/{provider}/callback': { query: { code?: string; state?: string; error?: string; iss?: string }; body: undefined; reply: AuthToken; keyed: false; open: true };
    'GET /v1/auth/social/completion': { query: undefined; body: undefined; reply: AuthSocialWaiting; keyed: false; open: true };
    'POST /v1/auth/social/completion': { query: undefined; body: AuthSocialCompletion; reply: AuthToken; keyed: false; open: true };
    'GET /v1/auth/social': { query: undefined; body: undefined; reply: AuthSocialList; keyed: false; open: false };
    'DELETE /v1/auth/social/{provider}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/auth/passkeys/options': { query: undefined; body: AuthPasskeyAsk; reply: AuthPasskeyOptions; keyed: false; open: false };
    'POST /v1/auth/passkeys': { query: undefined; body: AuthPasskeyNew; reply: AuthPasskey; keyed: false; open: false };
    'GET /v1/auth/passkeys': { query: undefined; body: undefined; reply: AuthPasskeyList; keyed: false; open: false };
    'PATCH /v1/auth/passkeys/{id}': { query: undefined; body: AuthPasskeyName; reply: undefined; keyed: false; open: false };
    'DELETE /v1/auth/passkeys/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/auth/passkeys/login/options': { query: undefined; body: undefined; reply: AuthPasskeyOptions; keyed: false; open: true };
    'POST /v1/auth/passkeys/login': { query: undefined; body: AuthPasskeyAssertion; reply: AuthToken; keyed: false; open: true };
    'POST /v1/auth/step-up/options': { query: undefined; body: AuthStepUpAct; reply: AuthPasskeyOptions; keyed: false; open: false };
    'POST /v1/auth/step-up/passkey': { query: undefined; body: AuthPasskeyStepUp; reply: AuthStepUpProof; keyed: false; open: false };
    'GET /v1/auth/pin': { query: undefined; body: undefined; reply: AuthPinState; keyed: false; open: false };
    'PUT /v1/auth/pin': { query: undefined; body: AuthPinNew; reply: undefined; keyed: false; open: false };
    'POST /v1/auth/step-up': { query: undefined; body: AuthStepUp; reply: AuthStepUpProof; keyed: false; open: false };
    'GET /v1/auth/blocks': { query: { limit?: number; cursor?: string }; body: undefined; reply: AuthBlockList; keyed: false; open: false };
    'PUT /v1/auth/blocks/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'DELETE /v1/auth/blocks/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/auth/reports': { query: undefined; body: AuthReportNew; reply: AuthReport; keyed: true; open: false };
    'GET /v1/auth/reports': { query: { limit?: number; cursor?: string }; body: undefined; reply: AuthReportList; keyed: false; open: false };
    'GET /v1/auth/security-log': { query: { limit?: number; cursor?: string }; body: undefined; reply: AuthSecurityList; keyed: false; open: false };
    'GET /v1/auth/admin/users': { query: { id?: string; login_id?: string; nickname?: string }; body: undefined; reply: AuthAdminUser; keyed: false; open: false };
    'PUT /v1/auth/admin/users/{id}/role': { query: undefined; body: AuthSetRole; reply: AuthAdminUser; keyed: false; open: false };
    'PUT /v1/auth/admin/users/{id}/suspension': { query: undefined; body: AuthSuspend; reply: AuthAdminUser; keyed: false; open: false };
    'DELETE /v1/auth/admin/users/{id}/suspension': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'DELETE /v1/auth/admin/users/{id}/sessions': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/auth/admin/reports': { query: { limit?: number; cursor?: string; state?: 'open' | 'dismissed' | 'upheld' }; body: undefined; reply: AuthReportList; keyed: false; open: false };
    'POST /v1/auth/admin/reports/{id}/decision': { query: undefined; body: AuthDecideReport; reply: AuthReport; keyed: false; open: false };
    'GET /v1/auth/admin/log': { query: { limit?: number; cursor?: string }; body: undefined; reply: AuthAdminLog; keyed: false; open: false };
    'GET /v1/auth/areas': { query: { limit?: number; cursor?: string; q?: string; district?: string }; body: undefined; reply: AuthAreaList; keyed: false; open: true };
    'GET /v1/auth/neighbourhoods': { query: undefined; body: undefined; reply: AuthNeighbourhoodList; keyed: false; open: false };
    'POST /v1/auth/neighbourhoods': { query: undefined; body: AuthProveArea; reply: AuthNeighbourhood; keyed: false; open: false };
    'DELETE /v1/auth/neighbourhoods/{code}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/auth/closing': { query: undefined; body: AuthClose; reply: AuthClosing; keyed: false; open: false };
    'GET /v1/auth/closing': { query: undefined; body: undefined; reply: AuthClosing; keyed: false; open: false };
    'DELETE /v1/auth/closing': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/auth/closings/{id}': { query: undefined; body: undefined; reply: AuthClosing; keyed: false; open: true };
    'GET /v1/auth/export': { query: undefined; body: undefined; reply: AuthExport; keyed: false; open: false };
    'GET /v1/auth/recovery': { query: undefined; body: undefined; reply: AuthRecovery; keyed: false; open: false };
    'DELETE /v1/auth/recovery': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/chat/rooms': { query: { limit?: number; cursor?: string }; body: undefined; reply: ChatRoomList; keyed: false; open: false };
    'GET /v1/chat/rooms/{id}': { query: undefined; body: undefined; reply: ChatRoom; keyed: false; open: false };
    'GET /v1/chat/rooms/{id}/members': { query: { limit?: number; cursor?: string }; body: undefined; reply: ChatMemberList; keyed: false; open: false };
    'PUT /v1/chat/rooms/{id}/settings': { query: undefined; body: ChatSettings; reply: undefined; keyed: false; open: false };
    'POST /v1/chat/direct': { query: undefined; body: ChatDirect; reply: ChatOpened; keyed: false; open: false };
    'GET /v1/chat/rooms/{id}/events': { query: { after?: number; before?: number; limit?: number; wait?: number }; body: undefined; reply: ChatEntryList; keyed: false; open: false };
    'GET /v1/chat/rooms/{id}/search': { query: { q?: string; before?: number; limit?: number }; body: undefined; reply: ChatSearchList; keyed: false; open: false };
    'POST /v1/chat/rooms/{id}/messages': { query: undefined; body: ChatSend; reply: ChatSent; keyed: true; open: false };
    'POST /v1/chat/rooms/{id}/acts': { query: undefined; body: ChatAct; reply: ChatSent; keyed: false; open: false };
    'POST /v1/chat/rooms/{id}/read': { query: undefined; body: ChatRead; reply: undefined; keyed: false; open: false };
    'PUT /v1/chat/rooms/{id}/images': { query: undefined; body: undefined; reply: ChatImage; keyed: false; open: false };
    'GET /v1/chat/rooms/{id}/images/{name}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/chat/rooms/{id}/reports': { query: undefined; body: ChatReportCreate; reply: ChatReport; keyed: false; open: false };
    'GET /v1/chat/reports': { query: { limit?: number; cursor?: string }; body: undefined; reply: ChatReportList; keyed: false; open: false };
    'GET /v1/chat/reports/{id}': { query: undefined; body: undefined; reply: ChatReport; keyed: false; open: false };
    'GET /v1/chat/export': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/deal/deals': { query: undefined; body: DealCreate; reply: Deal; keyed: true; open: false };
    'GET /v1/deal/deals': { query: { limit?: number; cursor?: string; lat?: number; lng?: number; radius_m?: number; text?: string; tag?: string; category?: 'fruit_vegetable' | 'grain' | 'meat_fish' | 'dairy_egg' | 'snack' | 'drink' | 'kitchen' | 'household' | 'baby' | 'pet' | 'beauty' | 'clothing' | 'other'; state?: 'recruiting' | 'closing' | 'confirmed' | 'purchased' | 'arrived' | 'done' | 'failed' | 'cancelled'; sort?: 'near' | 'new' | 'closing' | 'left' | 'saved' | 'price'; measure?: 'g' | 'ml' | 'piece'; most_unit_won?: number; most_portion_won?: number; closes_within_minutes?: number; least_left?: number }; body: undefined; reply: DealList; keyed: false; open: true };
    'GET /v1/deal/deals/{id}': { query: undefined; body: undefined; reply: Deal; keyed: false; open: true };
    'PATCH /v1/deal/deals/{id}': { query: undefined; body: DealEdit; reply: Deal; keyed: false; open: false };
    'GET /v1/deal/deals/{id}/terms': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealTermsList; keyed: false; open: true };
    'POST /v1/deal/deals/{id}/copy': { query: undefined; body: undefined; reply: DealDraft; keyed: true; open: false };
    'POST /v1/deal/drafts': { query: undefined; body: DealDraftBody; reply: DealDraft; keyed: true; open: false };
    'GET /v1/deal/drafts': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealDraftList; keyed: false; open: false };
    'GET /v1/deal/drafts/{id}': { query: undefined; body: undefined; reply: DealDraft; keyed: false; open: false };
    'PUT /v1/deal/drafts/{id}': { query: undefined; body: DealDraftBody; reply: DealDraft; keyed: false; open: false };
    'DELETE /v1/deal/drafts/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/deal/deals/{id}/shares': { query: undefined; body: DealJoin; reply: DealShare; keyed: true; open: false };
    'GET /v1/deal/deals/{id}/shares': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealShareList; keyed: false; open: false };
    'GET /v1/deal/deals/{id}/share': { query: undefined; body: undefined; reply: DealShare; keyed: false; open: false };
    'POST /v1/deal/deals/{id}/share/quantity': { query: undefined; body: DealJoin; reply: DealShare; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/share/accept': { query: undefined; body: DealAccept; reply: DealShare; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/share/window': { query: undefined; body: DealChooseWindow; reply: DealShare; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/leave': { query: undefined; body: undefined; reply: DealShare; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/waitlist': { query: undefined; body: DealJoin; reply: DealWait; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/waitlist/leave': { query: undefined; body: undefined; reply: DealWait; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/close': { query: undefined; body: undefined; reply: Deal; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/cancel': { query: undefined; body: undefined; reply: Deal; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/purchase': { query: undefined; body: DealPurchase; reply: Deal; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/arrive': { query: undefined; body: undefined; reply: Deal; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/arrivals': { query: undefined; body: DealArrive; reply: Deal; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/handovers': { query: undefined; body: DealHandover; reply: DealShare; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/handovers/sync': { query: undefined; body: DealHandoverSync; reply: DealHandoverResults; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/shares/{share}/no-show': { query: undefined; body: undefined; reply: DealShare; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/share/dispute': { query: undefined; body: DealDisputeOpen; reply: DealDispute; keyed: true; open: false };
    'GET /v1/deal/deals/{id}/share/dispute': { query: undefined; body: undefined; reply: DealDispute; keyed: false; open: false };
    'GET /v1/deal/deals/{id}/shares/{share}/dispute': { query: undefined; body: undefined; reply: DealDispute; keyed: false; open: false };
    'POST /v1/deal/deals/{id}/shares/{share}/dispute/answer': { query: undefined; body: DealDisputeAnswer; reply: DealDispute; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/share/dispute/accept': { query: undefined; body: undefined; reply: DealDispute; keyed: true; open: false };
    'POST /v1/deal/deals/{id}/share/dispute/withdraw': { query: undefined; body: undefined; reply: DealDispute; keyed: true; open: false };
    'GET /v1/deal/disputes': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealDisputeList; keyed: false; open: false };
    'POST /v1/deal/disputes/{id}/decide': { query: undefined; body: DealDisputeDecide; reply: DealDispute; keyed: true; open: false };
    'PUT /v1/deal/photos': { query: undefined; body: undefined; reply: DealPhoto; keyed: false; open: false };
    'POST /v1/deal/link-previews': { query: undefined; body: DealLink; reply: DealLinkPreview; keyed: false; open: false };
    'GET /v1/deal/photos/{name}': { query: { size?: 'small' | 'medium' | 'large' }; body: undefined; reply: undefined; keyed: false; open: true };
    'GET /v1/deal/map': { query: { south?: number; west?: number; north?: number; east?: number }; body: undefined; reply: DealMap; keyed: false; open: true };
    'GET /v1/deal/mine': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealList; keyed: false; open: false };
    'PUT /v1/deal/deals/{id}/bookmark': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'DELETE /v1/deal/deals/{id}/bookmark': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/deal/bookmarks': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealList; keyed: false; open: false };
    'POST /v1/deal/deals/{id}/views': { query: undefined; body: undefined; reply: undefined; keyed: false; open: true };
    'GET /v1/deal/deals/{id}/comments': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealCommentList; keyed: false; open: true };
    'POST /v1/deal/deals/{id}/comments': { query: undefined; body: DealCommentWrite; reply: DealComment; keyed: true; open: false };
    'DELETE /v1/deal/comments/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/deal/comments/{id}/hide': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/deal/comments/{id}/show': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/deal/comments/{id}/report': { query: undefined; body: DealReport; reply: undefined; keyed: false; open: false };
    'GET /v1/deal/reported-comments': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealCommentList; keyed: false; open: false };
    'PUT /v1/deal/deals/{id}/reviews/{user}': { query: undefined; body: DealReview; reply: undefined; keyed: false; open: false };
    'GET /v1/deal/reviews': { query: undefined; body: undefined; reply: DealReviewDueList; keyed: false; open: false };
    'GET /v1/deal/level-formula': { query: undefined; body: undefined; reply: DealLevelFormula; keyed: false; open: true };
    'GET /v1/deal/people/{id}/level': { query: undefined; body: undefined; reply: DealLevel; keyed: false; open: true };
    'GET /v1/deal/facts': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealFactList; keyed: false; open: false };
    'POST /v1/deal/appeals': { query: undefined; body: DealAppealWrite; reply: DealAppeal; keyed: true; open: false };
    'GET /v1/deal/appeals': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealAppealList; keyed: false; open: false };
    'POST /v1/deal/appeals/{id}/decision': { query: undefined; body: DealAppealDecision; reply: DealAppeal; keyed: false; open: false };
    'POST /v1/deal/wishes': { query: undefined; body: DealWishWrite; reply: DealWish; keyed: true; open: false };
    'GET /v1/deal/wishes': { query: { limit?: number; cursor?: string; lat?: number; lng?: number; radius_m?: number; sort?: 'votes' | 'new' }; body: undefined; reply: DealWishList; keyed: false; open: true };
    'GET /v1/deal/wishes/{id}': { query: undefined; body: undefined; reply: DealWish; keyed: false; open: true };
    'DELETE /v1/deal/wishes/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'PUT /v1/deal/wishes/{id}/vote': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'DELETE /v1/deal/wishes/{id}/vote': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/deal/wishes/{id}/deal': { query: undefined; body: DealWishAnswer; reply: DealWish; keyed: false; open: false };
    'POST /v1/deal/series': { query: undefined; body: DealSeriesWrite; reply: DealSeries; keyed: true; open: false };
    'GET /v1/deal/series': { query: { limit?: number; cursor?: string }; body: undefined; reply: DealSeriesList; keyed: false; open: false };
    'GET /v1/deal/series/{id}': { query: undefined; body: undefined; reply: DealSeries; keyed: false; open: true };
    'DELETE /v1/deal/series/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'PUT /v1/deal/series/{id}/order': { query: undefined; body: DealOrder; reply: undefined; keyed: false; open: false };
    'DELETE /v1/deal/series/{id}/order': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/deal/calendar': { query: undefined; body: undefined; reply: DealCalendar; keyed: false; open: false };
    'DELETE /v1/deal/calendar': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/deal/calendar/{token}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: true };
    'GET /v1/deal/export': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/deal/deals/{id}/share-page': { query: undefined; body: undefined; reply: undefined; keyed: false; open: true };
    'GET /v1/pay/wallet': { query: undefined; body: undefined; reply: Wallet; keyed: false; open: false };
    'GET /v1/pay/entries': { query: { limit?: number; cursor?: string; deal?: string }; body: undefined; reply: EntryList; keyed: false; open: false };
    'GET /v1/pay/holds': { query: { limit?: number; cursor?: string }; body: undefined; reply: HoldList; keyed: false; open: false };
    'POST /v1/pay/charges': { query: undefined; body: ChargeCreate; reply: Charge; keyed: true; open: false };
    'GET /v1/pay/charges/{id}': { query: undefined; body: undefined; reply: Charge; keyed: false; open: false };
    'POST /v1/pay/charges/{id}/confirm': { query: undefined; body: ChargeConfirm; reply: Charge; keyed: true; open: false };
    'POST /v1/pay/webhooks/provider': { query: undefined; body: undefined; reply: undefined; keyed: false; open: true };
    'POST /v1/pay/remittances': { query: { dry_run?: boolean }; body: RemittanceCreate; reply: Remittance; keyed: true; open: false };
    'GET /v1/pay/recipients': { query: { nickname?: string }; body: undefined; reply: Contact; keyed: false; open: false };
    'GET /v1/pay/contacts': { query: undefined; body: undefined; reply: ContactList; keyed: false; open: false };
    'GET /v1/pay/limits': { query: undefined; body: undefined; reply: Limits; keyed: false; open: false };
    'GET /v1/pay/bank-accounts': { query: undefined; body: undefined; reply: BankAccountList; keyed: false; open: false };
    'POST /v1/pay/bank-accounts': { query: undefined; body: BankAccountCreate; reply: BankAccount; keyed: true; open: false };
    'DELETE /v1/pay/bank-accounts/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/pay/withdrawals': { query: { dry_run?: boolean }; body: WithdrawalCreate; reply: Withdrawal; keyed: true; open: false };
    'GET /v1/pay/withdrawals': { query: { limit?: number; cursor?: string }; body: undefined; reply: WithdrawalList; keyed: false; open: false };
    'GET /v1/pay/withdrawals/{id}': { query: undefined; body: undefined; reply: Withdrawal; keyed: false; open: false };
    'POST /v1/pay/requests': { query: undefined; body: RequestCreate; reply: Request; keyed: true; open: false };
    'GET /v1/pay/requests': { query: { limit?: number; cursor?: string; role?: 'sent' | 'received' }; body: undefined; reply: RequestList; keyed: false; open: false };
    'GET /v1/pay/requests/{id}': { query: undefined; body: undefined; reply: Request; keyed: false; open: false };
    'POST /v1/pay/requests/{id}/rounds': { query: undefined; body: RoundCreate; reply: Request; keyed: true; open: false };
    'POST /v1/pay/requests/{id}/pay': { query: { dry_run?: boolean }; body: RequestPay; reply: Request; keyed: true; open: false };
    'POST /v1/pay/requests/{id}/decline': { query: undefined; body: RequestDecline; reply: Request; keyed: true; open: false };
    'POST /v1/pay/requests/{id}/cancel': { query: undefined; body: undefined; reply: Request; keyed: true; open: false };
    'POST /v1/pay/requests/{id}/remind': { query: undefined; body: undefined; reply: Request; keyed: true; open: false };
    'PUT /v1/pay/requests/{id}/reminders': { query: undefined; body: Reminders; reply: Request; keyed: false; open: false };
    'GET /v1/pay/entries/{id}/proof': { query: undefined; body: undefined; reply: EntryProof; keyed: false; open: false };
    'GET /v1/pay/seals': { query: { limit?: number; cursor?: string }; body: undefined; reply: SealList; keyed: false; open: true };
    'GET /v1/pay/orphan-won': { query: undefined; body: undefined; reply: OrphanWonList; keyed: false; open: false };
    'GET /v1/pay/history': { query: { limit?: number; cursor?: string; kind?: 'charge' | 'capture' | 'refund' | 'payout' | 'remit' | 'withdraw' | 'reversal' | 'correction' | 'fee'; deal?: string; from?: string; until?: string }; body: undefined; reply: LineList; keyed: false; open: false };
    'GET /v1/pay/balance': { query: { at?: string }; body: undefined; reply: Balance; keyed: false; open: false };
    'GET /v1/pay/statements/{month}': { query: { format?: 'csv' | 'pdf' }; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/pay/export': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/pay/admin/state': { query: undefined; body: undefined; reply: AdminState; keyed: false; open: false };
    'GET /v1/pay/admin/reviews': { query: { limit?: number; cursor?: string; decided?: boolean }; body: undefined; reply: ReviewList; keyed: false; open: false };
    'POST /v1/pay/admin/reviews/{id}/propose': { query: undefined; body: ReviewPropose; reply: Review; keyed: true; open: false };
    'POST /v1/pay/admin/reviews/{id}/approve': { query: undefined; body: undefined; reply: Review; keyed: true; open: false };
    'GET /v1/pay/admin/corrections': { query: undefined; body: undefined; reply: CorrectionList; keyed: false; open: false };
    'POST /v1/pay/admin/corrections': { query: undefined; body: CorrectionCreate; reply: Correction; keyed: true; open: false };
    'POST /v1/pay/admin/corrections/{id}/approve': { query: undefined; body: undefined; reply: Correction; keyed: true; open: false };
    'POST /v1/pay/admin/corrections/{id}/reject': { query: undefined; body: undefined; reply: Correction; keyed: true; open: false };
    'GET /v1/pay/admin/reconciliations': { query: undefined; body: undefined; reply: ReconciliationList; keyed: false; open: false };
    'POST /v1/pay/admin/reconciliations': { query: undefined; body: ReconcileNow; reply: Reconciliation; keyed: false; open: false };
    'GET /v1/push/inbox': { query: { limit?: number; cursor?: string; unread?: boolean; archived?: boolean; lang?: 'ko' | 'en' }; body: undefined; reply: NoticeList; keyed: false; open: false };
    'POST /v1/push/inbox/read-all': { query: undefined; body: ReadAll; reply: undefined; keyed: false; open: false };
    'POST /v1/push/inbox/{id}/read': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/push/inbox/{id}/archive': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/push/inbox/{id}/unarchive': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/push/inbox/{id}/snooze': { query: undefined; body: Snooze; reply: undefined; keyed: false; open: false };
    'GET /v1/push/inbox/{id}/trace': { query: undefined; body: undefined; reply: Trace; keyed: false; open: false };
    'POST /v1/push/acks': { query: undefined; body: Ack; reply: undefined; keyed: false; open: true };
    'GET /v1/push/vapid-key': { query: undefined; body: undefined; reply: VapidKey; keyed: false; open: true };
    'GET /v1/push/devices': { query: undefined; body: undefined; reply: DeviceList; keyed: false; open: false };
    'PUT /v1/push/devices/{id}': { query: undefined; body: DevicePut; reply: Device; keyed: false; open: false };
    'DELETE /v1/push/devices/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/push/preferences': { query: undefined; body: undefined; reply: Preferences; keyed: false; open: false };
    'PUT /v1/push/preferences': { query: undefined; body: Preferences; reply: Preferences; keyed: false; open: false };
    'GET /v1/push/mutes': { query: undefined; body: undefined; reply: MuteList; keyed: false; open: false };
    'PUT /v1/push/mutes/{deal}': { query: undefined; body: MutePut; reply: Mute; keyed: false; open: false };
    'DELETE /v1/push/mutes/{deal}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/push/consents': { query: undefined; body: undefined; reply: Consents; keyed: false; open: false };
    'PUT /v1/push/consents': { query: undefined; body: Consents; reply: Consents; keyed: false; open: false };
    'GET /v1/push/keywords': { query: undefined; body: undefined; reply: KeywordList; keyed: false; open: false };
    'POST /v1/push/keywords': { query: undefined; body: KeywordNew; reply: Keyword; keyed: false; open: false };
    'DELETE /v1/push/keywords/{id}': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'GET /v1/push/sms': { query: undefined; body: undefined; reply: SmsView; keyed: false; open: false };
    'PUT /v1/push/sms': { query: undefined; body: PhoneProve; reply: undefined; keyed: false; open: false };
    'DELETE /v1/push/sms': { query: undefined; body: undefined; reply: undefined; keyed: false; open: false };
    'POST /v1/push/sms/codes': { query: undefined; body: Phone; reply: undefined; keyed: false; open: false };
    'POST /v1/push/promotions': { query: undefined; body: Promotion; reply: PromotionSent; keyed: true; open: false };
    'GET /v1/push/export': { query: undefined; body: undefined; reply: Export; keyed: false; open: false };
}
