/* The load: people who come, join rooms, talk, and check every line that they are shown.
 *
 * Cheap enough not to be what is measured; it tells its own processor time beside the server's. A text carries who
 * said it, where, which one it is, and when: a line that is lost, shown twice or out of order ends the measurement.
 * Options are `name=value`, see `wanted`; the result is one line of JSON. With `hold=1` it says "ready" when everybody
 * is in, and goes on with each line on its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 65536, EVENTS_MAX = 512, LINE_BYTES = 1024, STEPS = 64, POWERS = 40, FIRST_WORDS = 4000 };
static const uint64_t AWAKE_NS = 100 * 1000;
static const char MARK[] = "~#~";

enum kind { IRC, WEBSOCKET, NETCAT };
enum stage { OUT, CONNECTING, SHAKING_HANDS, ASKING, COMING, JOINING, IN };

struct member_of {
    int room, slot;
    uint32_t *next; /* for each slot: the number of the message that must come next */
};

struct person {
    int fd, number;
    enum stage stage;
    SSL *ssl;
    struct member_of *rooms;
    int rooms_used, joined, is_speaking;
    uint32_t *said; /* for each of its rooms: messages so far */
    long awaited;   /* deliveries of what it said that are still to come */
    uint64_t spoke_ns;
    char *tail, *unsent;
    size_t tail_bytes, unsent_bytes;
};

struct room {
    int used;
};

static struct {
    long port, pid, people, rooms, each, flight, burst, messages, warm, rate, seconds, window, tls, pairs, storm, again, hold, text;
    long mixed, seed, patience;
    const char *kind, *caps, *logins, *mechanism;
} wanted = {.people = 2, .flight = 1, .burst = 1, .window = 64, .text = 100, .seed = 1, .patience = 60, .kind = "irc", .caps = "", .logins = "", .mechanism = "PLAIN"};

static struct person *people;
static struct room *rooms;
static enum kind kind;
static int poller;
static SSL_CTX *tls;
static long in_count, started_count, deliveries, messages_done, messages_begun, speaking;
static uint64_t histogram[POWERS * STEPS], whole_histogram[POWERS * STEPS];
static char (*logins)[512];
static uint64_t chance;
static long rate_room_at;
static uint64_t began_ns;

static void fail(const char *words, ...) {
    va_list values;
    va_start(values, words);
    vfprintf(stderr, words, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

static void *got(size_t count, size_t bytes) {
    void *memory = calloc(count ? count : 1, bytes);
    if (!memory) fail("There is not enough memory.");
    return memory;
}

static uint64_t clock_ns(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time)) return 0;
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* How long a line may be under way before it is lost. */
static uint64_t patience_ns(void) { return (uint64_t)wanted.patience * 1000000000; }

static uint64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

/* Of a whole process, whoever's it is: see clock_getcpuclockid(3). */
static uint64_t processor_ns(void) { return wanted.pid ? clock_ns((clockid_t)(~(unsigned)wanted.pid << 3 | 2)) : 0; }

static uint32_t dice(uint32_t below) {
    chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
    return (uint32_t)(chance >> 16) % below;
}

/* Steps of 1/64 of a power of two: less than 2 % off. */
static void note(uint64_t *counts, uint64_t ns) {
    if (ns < STEPS) ns = STEPS;
    int power = 63 - __builtin_clzll(ns);
    int step = (int)(ns >> (power - 6)) - STEPS;
    power = power - 6 < POWERS ? power - 6 : POWERS - 1;
    counts[power * STEPS + step]++;
}

static double percentile_ms(const uint64_t *counts, double part) {
    uint64_t all = 0, seen = 0;
    for (int at = 0; at < POWERS * STEPS; at++) all += counts[at];
    for (int at = 0; at < POWERS * STEPS; at++)
        if (counts[at] && (seen += counts[at]) >= part * all) return (double)((uint64_t)(STEPS + at % STEPS) << (at / STEPS)) / 1e6;
    return 0;
}

/* ---- bytes out ---- */

static ssize_t push(struct person *person, const char *data, size_t bytes) {
    if (person->ssl) {
        int sent = SSL_write(person->ssl, data, (int)bytes);
        return sent > 0 ? sent : -1;
    }
    return send(person->fd, data, bytes, MSG_NOSIGNAL);
}

static void watch(struct person *person, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = person};
    epoll_ctl(poller, EPOLL_CTL_MOD, person->fd, &event);
}

static void send_bytes(struct person *person, const char *data, size_t bytes) {
    ssize_t sent = person->unsent_bytes ? 0 : push(person, data, bytes);
    if (sent < 0) sent = 0;
    if ((size_t)sent == bytes) return;
    person->unsent = realloc(person->unsent, person->unsent_bytes + bytes);
    memcpy(person->unsent + person->unsent_bytes, data + sent, bytes - sent);
    person->unsent_bytes += bytes - sent;
    watch(person, EPOLLIN | EPOLLOUT);
}

static void send_rest(struct person *person) {
    ssize_t sent = push(person, person->unsent, person->unsent_bytes);
    if (sent < 0) return;
    memmove(person->unsent, person->unsent + sent, person->unsent_bytes - sent);
    person->unsent_bytes -= sent;
    if (!person->unsent_bytes) {
        free(person->unsent);
        person->unsent = NULL;
        watch(person, EPOLLIN);
    }
}

/* Whole lines that end in \r\n; for WebSocket each in a frame, masked with nothing but zeros. */
static void send_lines(struct person *person, const char *lines, size_t bytes) {
    if (kind != WEBSOCKET) {
        send_bytes(person, lines, bytes);
        return;
    }
    char framed[FIRST_WORDS + 64 * LINE_BYTES], *to = framed;
    const char *end;
    for (; bytes; bytes -= end + 1 - lines, lines = end + 1) {
        end = memchr(lines, '\n', bytes);
        size_t length = end - lines - 1;
        *to++ = (char)0x81;
        if (length < 126) {
            *to++ = (char)(0x80 | length);
        } else {
            *to++ = (char)(0x80 | 126);
            *to++ = (char)(length >> 8);
            *to++ = (char)length;
        }
        memset(to, 0, 4);
        memcpy(to + 4, lines, length);
        to += 4 + length;
    }
    send_bytes(person, framed, to - framed);
}

/* ---- talking ---- */

static int members(struct person *person, int at) {
    return wanted.pairs ? 2 : rooms[person->rooms[at].room].used;
}

static void speak(struct person *person, int at, uint64_t when) {
    char lines[64 * LINE_BYTES], *to = lines;
    struct member_of *where = &person->rooms[at];
    for (int line = 0; line < wanted.burst; line++) {
        if (kind == NETCAT && wanted.pairs) {
            to += sprintf(to, "/msg u%05d ", person->number ^ 1);
        } else if (kind != NETCAT && wanted.pairs) {
            to += sprintf(to, "PRIVMSG u%05d :", person->number ^ 1);
        } else if (kind != NETCAT) {
            to += sprintf(to, "PRIVMSG #r%d :", where->room);
        }
        char *text = to;
        to += sprintf(to, "%s%08x%08x%08x%016llx", MARK, where->room, where->slot, person->said[at]++, (unsigned long long)when);
        while (to - text < wanted.text) *to++ = 'x';
        *to++ = '\r';
        *to++ = '\n';
    }
    person->awaited += wanted.burst * (members(person, at) - 1);
    person->spoke_ns = when;
    messages_begun += wanted.burst;
    if (!person->is_speaking) {
        person->is_speaking = 1;
        speaking++;
    }
    send_lines(person, lines, to - lines);
}

/* Let somebody who waits for nothing say something. */
static void speak_next(void) {
    struct person *person;
    do person = &people[dice(wanted.people)];
    while (person->is_speaking || !person->rooms_used);
    speak(person, dice(person->rooms_used), now_ns());
}

static uint32_t hexadecimal(const char *digits) {
    uint32_t value = 0;
    for (int at = 0; at < 8; at++) value = value << 4 | (uint32_t)(digits[at] <= '9' ? digits[at] - '0' : digits[at] - 'a' + 10);
    return value;
}

static struct person *whose(uint32_t room, uint32_t slot) {
    static struct person ***slots; /* of each room: who has which */
    if (!slots) {
        long count = wanted.pairs ? wanted.people / 2 : wanted.rooms;
        slots = got(count, sizeof *slots);
        for (long at = 0; at < count; at++) slots[at] = got(wanted.pairs ? 2 : rooms[at].used, sizeof **slots);
        for (long at = 0; at < wanted.people; at++)
            for (int in = 0; in < people[at].rooms_used; in++)
                slots[people[at].rooms[in].room][people[at].rooms[in].slot] = &people[at];
    }
    return slots[room][slot];
}

static void see(struct person *person, const char *text, uint64_t now) {
    uint32_t room = hexadecimal(text), slot = hexadecimal(text + 8), number = hexadecimal(text + 16);
    uint64_t sent = (uint64_t)hexadecimal(text + 24) << 32 | hexadecimal(text + 32);
    if (sent < began_ns) return; /* from the history of a room in which others were before */
    struct member_of *where = person->rooms;
    while (where < person->rooms + person->rooms_used && where->room != (int)room) where++;
    if (where == person->rooms + person->rooms_used) fail("u%d was shown a message of #r%u, where it is not.", person->number, room);
    if (where->slot == (int)slot) return; /* its own words, echoed */
    if (where->next[slot] != number)
        fail("u%d was shown message %u of #r%u from its member %u, and number %u had to come.", person->number, number, room, slot, where->next[slot]);
    where->next[slot]++;
    deliveries++;
    note(histogram, now > sent ? now - sent : 0);
    struct person *by = whose(room, slot);
    if (--by->awaited) return;
    note(whole_histogram, now - by->spoke_ns);
    by->is_speaking = 0;
    speaking--;
    messages_done += wanted.burst;
}

/* ---- coming in ---- */

static const char *capabilities(int number) {
    static const char *sets[] = {
        "", "message-tags,server-time", "message-tags,server-time,account-tag,echo-message,batch,multi-prefix",
        "server-time,away-notify,account-notify,extended-join", "message-tags,server-time,account-tag,echo-message,batch,labeled-response",
    };
    return wanted.mixed ? sets[number % 5] : wanted.caps;
}

static void introduce(struct person *person) {
    char lines[FIRST_WORDS], *to = lines;
    person->stage = COMING;
    if (kind == NETCAT) {
        to += sprintf(to, "u%05d\r\n", person->number);
        send_lines(person, lines, to - lines);
        return;
    }
    const char *caps = capabilities(person->number);
    int asks = *caps || logins;
    while (*caps) {
        int bytes = (int)strcspn(caps, ",");
        to += sprintf(to, "CAP REQ :%.*s\r\n", bytes, caps);
        caps += bytes + (caps[bytes] == ',');
    }
    if (logins) to += sprintf(to, "CAP REQ :sasl\r\nAUTHENTICATE %s\r\nAUTHENTICATE %s\r\n", wanted.mechanism, logins[person->number]);
    to += sprintf(to, "NICK u%05d\r\nUSER u%05d 0 * :u%05d\r\n", person->number, person->number, person->number);
    if (asks) to += sprintf(to, "CAP END\r\n");
    send_lines(person, lines, to - lines);
}

static void begin(struct person *person) {
    if (kind == WEBSOCKET) {
        char words[500];
        person->stage = ASKING;
        send_bytes(person, words, sprintf(words, "GET /irc HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: text.ircv3.net\r\n\r\n"));
    } else {
        introduce(person);
    }
}

static void come(struct person *person) {
    int on = 1, port = (int)wanted.port;
    /* Enough addresses for however many come, and none of them with too many. */
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000100u + (unsigned)person->number / 250)};
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    person->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (person->fd < 0) fail("No more sockets: %s.", strerror(errno));
    setsockopt(person->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(person->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(person->fd, (struct sockaddr *)&own, sizeof own)) fail("bind: %s", strerror(errno));
    if (connect(person->fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS) fail("connect: %s", strerror(errno));
    person->stage = CONNECTING;
    person->joined = 0;
    started_count++;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = person};
    epoll_ctl(poller, EPOLL_CTL_ADD, person->fd, &event);
}

static void go(struct person *person) {
    if (person->ssl) SSL_free(person->ssl);
    struct linger at_once = {.l_onoff = 1};
    setsockopt(person->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(person->fd);
    free(person->tail);
    free(person->unsent);
    person->ssl = NULL;
    person->tail = person->unsent = NULL;
    person->tail_bytes = person->unsent_bytes = 0;
    person->stage = OUT;
}

static void shake_hands(struct person *person) {
    if (!person->ssl) {
        person->ssl = SSL_new(tls);
        SSL_set_fd(person->ssl, person->fd);
        SSL_set_connect_state(person->ssl);
        person->stage = SHAKING_HANDS;
    }
    int done = SSL_do_handshake(person->ssl);
    if (done == 1) {
        watch(person, EPOLLIN);
        begin(person);
        return;
    }
    int why = SSL_get_error(person->ssl, done);
    if (why == SSL_ERROR_WANT_READ) watch(person, EPOLLIN);
    else if (why == SSL_ERROR_WANT_WRITE) watch(person, EPOLLIN | EPOLLOUT);
    else fail("u%d: TLS failed.", person->number);
}

static void arrived(struct person *person) {
    if (person->stage == IN) return;
    person->stage = IN;
    in_count++;
}

static void join(struct person *person) {
    char lines[FIRST_WORDS], *to = lines;
    if (wanted.pairs || !person->rooms_used) {
        arrived(person);
        return;
    }
    person->stage = JOINING;
    for (int at = 0; at < person->rooms_used; at++)
        to += sprintf(to, kind == NETCAT ? "/make r%d\r\n" : "JOIN #r%d\r\n", person->rooms[at].room);
    send_lines(person, lines, to - lines);
}

/* A line, without its end, of somebody; `now` is when it was read. */
static void read_line(struct person *person, char *line, size_t bytes, uint64_t now) {
    if (person->stage == IN || person->stage == JOINING) {
        char *text = memmem(line, bytes, MARK, 3);
        if (text && line + bytes - text >= 43) {
            see(person, text + 3, now);
            return;
        }
    }
    char last = line[bytes];
    line[bytes] = 0;
    if (!strncmp(line, "PING ", 5)) {
        char answer[LINE_BYTES];
        send_lines(person, answer, snprintf(answer, sizeof answer, "PONG %.500s\r\n", line + 5));
    } else if (!strncmp(line, "ERROR", 5)) {
        fail("u%d: %s", person->number, line);
    } else if (person->stage == COMING) {
        if (kind == NETCAT ? strstr(line, "Welcome") != NULL : strstr(line, " 001 ") != NULL) join(person);
        else if (strstr(line, " 432 ") || strstr(line, " 433 ") || strstr(line, " 904 ") || strstr(line, " 465 ")) fail("u%d: %s", person->number, line);
    } else if (person->stage == JOINING) {
        if (kind == NETCAT ? strstr(line, "You are in ") != NULL : strstr(line, " 366 ") != NULL)
            if (++person->joined == person->rooms_used) arrived(person);
    }
    line[bytes] = last;
}

/* The bytes used of those that came: whole lines, or whole frames. */
static size_t read_lines(struct person *person, char *data, size_t bytes, uint64_t now) {
    char *at = data, *end = data + bytes;
    if (person->stage == ASKING) {
        char *done = memmem(data, bytes, "\r\n\r\n", 4);
        if (!done) return 0;
        if (strncmp(data, "HTTP/1.1 101", 12)) fail("u%d: %.60s", person->number, data);
        introduce(person);
        at = done + 4;
    }
    if (kind == WEBSOCKET) {
        while (end - at >= 2) {
            size_t head = 2, length = (unsigned char)at[1];
            if (length == 126) {
                if (end - at < 4) break;
                length = (size_t)(unsigned char)at[2] << 8 | (unsigned char)at[3];
                head = 4;
            } else if (length == 127) {
                fail("u%d: a frame is too long.", person->number);
            }
            if ((size_t)(end - at) < head + length) break;
            if ((at[0] & 15) == 8) fail("u%d: the server closes.", person->number);
            read_line(person, at + head, length, now);
            at += head + length;
        }
        return at - data;
    }
    char *newline;
    while ((newline = memchr(at, '\n', end - at))) {
        read_line(person, at, newline - at - (newline > at && newline[-1] == '\r'), now);
        at = newline + 1;
    }
    return at - data;
}

static void hear(struct person *person) {
    static char data[READ_BYTES * 2 + 1];
    for (;;) {
        if (person->tail_bytes) memcpy(data, person->tail, person->tail_bytes);
        char *to = data + person->tail_bytes;
        ssize_t came;
        if (person->ssl) {
            came = SSL_read(person->ssl, to, READ_BYTES);
            if (came <= 0 && SSL_get_error(person->ssl, (int)came) == SSL_ERROR_WANT_READ) return;
        } else {
            came = recv(person->fd, to, READ_BYTES, 0);
            if (came < 0 && errno == EAGAIN) return;
        }
        if (came <= 0) fail("u%d was sent away in stage %d: %s.", person->number, person->stage, came ? strerror(errno) : "closed");
        size_t bytes = person->tail_bytes + came, used = read_lines(person, data, bytes, now_ns());
        if (bytes - used > READ_BYTES) fail("u%d: a line is too long.", person->number);
        if (person->tail_bytes != bytes - used || used) {
            person->tail = bytes - used ? realloc(person->tail, bytes - used) : person->tail;
            memcpy(person->tail, data + used, bytes - used);
            person->tail_bytes = bytes - used;
        }
        if (!person->ssl && came < READ_BYTES) return;
    }
}

static void turn(int timeout_ms) {
    struct epoll_event events[EVENTS_MAX];
    int ready = 0;
    /* Elsewhere the receivers are on machines of their own, and to wake them is not the server's work. */
    for (uint64_t until = now_ns() + AWAKE_NS; !ready && now_ns() < until;) ready = epoll_wait(poller, events, EVENTS_MAX, 0);
    if (!ready) ready = epoll_wait(poller, events, EVENTS_MAX, timeout_ms);
    for (int at = 0; at < ready; at++) {
        struct person *person = events[at].data.ptr;
        if (!person) continue;
        if (person->stage == CONNECTING && events[at].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) {
            int error = 0;
            socklen_t size = sizeof error;
            getsockopt(person->fd, SOL_SOCKET, SO_ERROR, &error, &size);
            if (error) fail("u%d can't connect: %s.", person->number, strerror(error));
            if (tls) {
                shake_hands(person);
            } else {
                watch(person, EPOLLIN);
                begin(person);
            }
        } else if (person->stage == SHAKING_HANDS) {
            shake_hands(person);
        } else {
            if (events[at].events & EPOLLOUT && person->unsent_bytes) send_rest(person);
            if (events[at].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) hear(person);
        }
    }
}

static void all_come(void) {
    uint64_t until = now_ns() + 2 * patience_ns();
    in_count = started_count = 0;
    while (in_count < wanted.people) {
        while (started_count < wanted.people && started_count - in_count < wanted.window) come(&people[started_count]);
        turn(1000);
        if (now_ns() > until) fail("Only %ld of %ld came in.", in_count, wanted.people);
    }
}

static void settle(uint64_t quiet_ms) {
    for (uint64_t until = now_ns() + quiet_ms * 1000000; now_ns() < until;) turn(20);
}

static void wait_for_all(void) {
    uint64_t until = now_ns() + patience_ns();
    while (speaking) {
        turn(1000);
        if (now_ns() > until) fail("Lost: %ld people wait for others to be shown what they said.", speaking);
    }
}

/* ---- what is measured ---- */

struct reading {
    uint64_t wall, server, own;
    long deliveries, messages;
};

static struct reading before;

static void start_reading(void) {
    memset(histogram, 0, sizeof histogram);
    memset(whole_histogram, 0, sizeof whole_histogram);
    before = (struct reading){now_ns(), processor_ns(), clock_ns(CLOCK_PROCESS_CPUTIME_ID), deliveries, messages_done};
}

static void tell(long sessions) {
    double seconds = (double)(now_ns() - before.wall) / 1e9;
    printf("{\"seconds\": %.6f, \"server_cpu\": %.6f, \"load_cpu\": %.6f, \"deliveries\": %ld, \"messages\": %ld, \"sessions\": %ld, "
           "\"p50_ms\": %.4f, \"p99_ms\": %.4f, \"p999_ms\": %.4f, \"whole_p50_ms\": %.4f, \"whole_p99_ms\": %.4f}\n",
           seconds, (double)(processor_ns() - before.server) / 1e9, (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before.own) / 1e9,
           deliveries - before.deliveries, messages_done - before.messages, sessions, percentile_ms(histogram, 0.5),
           percentile_ms(histogram, 0.99), percentile_ms(histogram, 0.999), percentile_ms(whole_histogram, 0.5),
           percentile_ms(whole_histogram, 0.99));
    fflush(stdout);
}

/* So many messages, or as many as begin within the seconds. */
static void keep_talking(long count) {
    uint64_t until = now_ns() + patience_ns(), late = wanted.seconds ? now_ns() + (uint64_t)wanted.seconds * 1000000000 : UINT64_MAX;
    for (long end = messages_begun + count, seen = -1; messages_begun < end || speaking;) {
        if (now_ns() > late) end = messages_begun;
        while (messages_begun < end && speaking < wanted.flight) speak_next();
        turn(1000);
        if (deliveries != seen) until = now_ns() + patience_ns();
        seen = deliveries;
        if (now_ns() > until) fail("Lost: %ld people wait for others to be shown what they said.", speaking);
    }
}

/* So many messages a second, whether those before have arrived or not; each counts from when it was due. */
static void talk_at_rate(double rate, double seconds) {
    uint64_t step = (uint64_t)(1e9 / rate), due = now_ns(), end = due + (uint64_t)(seconds * 1e9);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_ADD, timer, &event);
    while (due < end) {
        for (; due <= now_ns() && due < end; due += step) {
            struct person *person = &people[rate_room_at++ * 7919 % wanted.people];
            speak(person, dice(person->rooms_used), due);
        }
        struct itimerspec when = {.it_value = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000}};
        timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
        turn(1000);
    }
    close(timer);
    wait_for_all();
}

static void meet(void) {
    static const int strides[] = {1, 3, 7, 9, 11, 13, 17, 19, 21, 23, 27, 29};
    people = got(wanted.people, sizeof *people);
    rooms = got(wanted.rooms, sizeof *rooms);
    long each = wanted.pairs ? 1 : wanted.rooms ? wanted.each : 0;
    for (long number = 0; number < wanted.people; number++) {
        struct person *person = &people[number];
        person->number = (int)number;
        person->fd = -1;
        person->rooms = got(each, sizeof *person->rooms);
        person->said = got(each, sizeof *person->said);
        for (long at = 0; at < each; at++) {
            struct member_of where = {.room = (int)(wanted.pairs ? number / 2 : (number * strides[at % 12] + 17 * at) % wanted.rooms)};
            int is_there = 0;
            for (int other = 0; other < person->rooms_used; other++) is_there |= person->rooms[other].room == where.room;
            if (is_there) continue;
            where.slot = wanted.pairs ? (int)(number & 1) : rooms[where.room].used++;
            person->rooms[person->rooms_used++] = where;
        }
    }
    for (long number = 0; number < wanted.people; number++)
        for (int at = 0; at < people[number].rooms_used; at++)
            people[number].rooms[at].next = got(members(&people[number], at), sizeof(uint32_t));
}

static void read_logins(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail("%s can't be read.", path);
    logins = got(wanted.people, sizeof *logins);
    for (long at = 0; at < wanted.people; at++)
        if (fscanf(file, "%511s", logins[at]) != 1) fail("%s has too few lines.", path);
    fclose(file);
}

static void read_options(int count, char **options) {
    const struct {
        const char *name;
        long *number;
    } numbers[] = {
        {"port", &wanted.port}, {"pid", &wanted.pid}, {"people", &wanted.people}, {"rooms", &wanted.rooms}, {"each", &wanted.each},
        {"flight", &wanted.flight}, {"burst", &wanted.burst}, {"messages", &wanted.messages}, {"warm", &wanted.warm}, {"rate", &wanted.rate},
        {"seconds", &wanted.seconds}, {"window", &wanted.window}, {"tls", &wanted.tls}, {"pairs", &wanted.pairs}, {"storm", &wanted.storm},
        {"again", &wanted.again}, {"hold", &wanted.hold}, {"text", &wanted.text}, {"mixed", &wanted.mixed}, {"seed", &wanted.seed}, {"patience", &wanted.patience},
    };
    const struct {
        const char *name, **words;
    } words[] = {{"kind", &wanted.kind}, {"caps", &wanted.caps}, {"logins", &wanted.logins}, {"mechanism", &wanted.mechanism}};
    for (int at = 1; at < count; at++) {
        size_t bytes = strcspn(options[at], "=");
        int is_known = 0;
        for (size_t one = 0; one < sizeof numbers / sizeof *numbers; one++)
            if (strlen(numbers[one].name) == bytes && !strncmp(options[at], numbers[one].name, bytes))
                *numbers[one].number = atol(options[at] + bytes + 1), is_known = 1;
        for (size_t one = 0; one < sizeof words / sizeof *words; one++)
            if (strlen(words[one].name) == bytes && !strncmp(options[at], words[one].name, bytes))
                *words[one].words = options[at] + bytes + 1, is_known = 1;
        if (!is_known || !options[at][bytes]) fail("There is no option %s.", options[at]);
    }
    kind = !strcmp(wanted.kind, "websocket") ? WEBSOCKET : !strcmp(wanted.kind, "netcat") ? NETCAT : IRC;
    if (kind == NETCAT && wanted.each > 1) fail("Who comes by netcat speaks in one room.");
    if (wanted.burst > 64 || wanted.text > 400) fail("At most 64 lines at once, of 400 bytes.");
}

int main(int count, char **options) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    read_options(count, options);
    began_ns = now_ns();
    chance = 88172645463325252ull + (uint64_t)wanted.seed;
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (*wanted.logins) read_logins(wanted.logins);
    if (wanted.tls) tls = SSL_CTX_new(TLS_client_method());
    meet();
    if (wanted.storm) start_reading();
    all_come();
    if (wanted.again) {
        settle(500);
        for (long at = 0; at < wanted.people; at++) go(&people[at]);
        /* The server has noticed once somebody could come again; its farewells are no part of the storm. */
        usleep(3000000);
        start_reading();
        all_come();
    }
    if (wanted.storm || wanted.again) tell(wanted.people);
    if (wanted.hold) {
        puts("ready");
        fflush(stdout);
        /* Answer PING as long as nobody says anything. */
        struct epoll_event control = {.events = EPOLLIN, .data.ptr = NULL};
        epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &control);
        fd_set readable;
        do {
            turn(200);
            FD_ZERO(&readable);
            FD_SET(STDIN_FILENO, &readable);
        } while (select(1, &readable, NULL, NULL, &(struct timeval){0}) == 0);
        epoll_ctl(poller, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
    }
    if (wanted.messages || wanted.rate) {
        settle(500);
        if (wanted.warm) keep_talking(wanted.warm);
        start_reading();
        if (wanted.rate) talk_at_rate((double)wanted.rate, (double)wanted.seconds);
        else keep_talking(wanted.messages);
        tell(0);
    }
    return 0;
}
