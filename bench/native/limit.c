/* The limit: a server that understands just enough of IRC to copy, and writes once a turn for each connection.
 *
 * Names are "u00000", "u00001" …, rooms "#r0", "#r1" …, so that nothing has to be looked up. Prints "port N" when it is up,
 * and runs until its standard input ends. It believes whatever it is sent: it is for measuring on this machine alone.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEOPLE_MAX = 100000, ROOMS_MAX = 10000, READ_BYTES = 65536, EVENTS_MAX = 1024, LINE_MAX_BYTES = 8192 };

struct buffer {
    char *data;
    size_t used, size;
};

struct person {
    int fd, number;
    int is_dirty, waits;
    struct buffer in, out;
};

struct room {
    struct person **members;
    int used, size;
};

static struct person *people[PEOPLE_MAX];
static struct room rooms[ROOMS_MAX];
static struct person **dirty;
static int dirty_used, dirty_size;

static void *grown(void *memory, size_t bytes) {
    memory = realloc(memory, bytes);
    if (!memory) abort();
    return memory;
}

static void append(struct buffer *buffer, const char *data, size_t bytes) {
    if (buffer->used + bytes > buffer->size) {
        buffer->size = (buffer->used + bytes) * 2;
        buffer->data = grown(buffer->data, buffer->size);
    }
    memcpy(buffer->data + buffer->used, data, bytes);
    buffer->used += bytes;
}

static void show(struct person *person, const char *data, size_t bytes) {
    append(&person->out, data, bytes);
    if (person->is_dirty) return;
    person->is_dirty = 1;
    if (dirty_used == dirty_size) dirty = grown(dirty, (dirty_size = dirty_size * 2 + 64) * sizeof *dirty);
    dirty[dirty_used++] = person;
}

static void show_room(struct room *room, struct person *but, const char *data, size_t bytes) {
    for (int at = 0; at < room->used; at++)
        if (room->members[at] != but) show(room->members[at], data, bytes);
}

static struct room *room_named(const char *name) {
    int number = name[0] == '#' ? atoi(name + 2) : -1;
    return number >= 0 && number < ROOMS_MAX ? &rooms[number] : NULL;
}

static void take(struct person *person, char *line) {
    char out[LINE_MAX_BYTES + 100];
    struct room *room;
    if (!strncmp(line, "PRIVMSG ", 8)) {
        size_t bytes = snprintf(out, sizeof out, ":u%d!u@h %s\r\n", person->number, line);
        if (line[8] != '#') {
            int number = atoi(line + 9);
            if (number >= 0 && number < PEOPLE_MAX && people[number]) show(people[number], out, bytes);
        } else if ((room = room_named(line + 8))) {
            show_room(room, person, out, bytes);
        }
    } else if (!strncmp(line, "NICK u", 6)) {
        person->number = atoi(line + 6) % PEOPLE_MAX;
        people[person->number] = person;
    } else if (!strncmp(line, "USER ", 5)) {
        show(person, out, snprintf(out, sizeof out, ":limit 001 u%d :Welcome\r\n", person->number));
    } else if (!strncmp(line, "PING ", 5)) {
        show(person, out, snprintf(out, sizeof out, ":limit PONG limit %s\r\n", line + 5));
    } else if (!strncmp(line, "JOIN ", 5) && (room = room_named(line + 5))) {
        if (room->used == room->size)
            room->members = grown(room->members, (room->size = room->size * 2 + 16) * sizeof *room->members);
        room->members[room->used++] = person;
        show_room(room, NULL, out, snprintf(out, sizeof out, ":u%d!u@h %s\r\n", person->number, line));
        show(person, out, snprintf(out, sizeof out, ":limit 366 u%d %s :End\r\n", person->number, line + 5));
    }
}

static void leave(struct person *person) {
    for (int number = 0; number < ROOMS_MAX; number++)
        for (int at = rooms[number].used - 1; at >= 0; at--)
            if (rooms[number].members[at] == person) rooms[number].members[at] = rooms[number].members[--rooms[number].used];
    for (int at = 0; at < dirty_used; at++)
        if (dirty[at] == person) dirty[at] = dirty[--dirty_used];
    if (people[person->number] == person) people[person->number] = NULL;
    close(person->fd);
    free(person->in.data);
    free(person->out.data);
    free(person);
}

/* Whether the person is still there. */
static int hear(struct person *person) {
    static char data[READ_BYTES];
    ssize_t got = recv(person->fd, data, sizeof data, 0);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    append(&person->in, data, got);
    char *line = person->in.data, *end;
    size_t left = person->in.used;
    while ((end = memchr(line, '\n', left))) {
        left -= end + 1 - line;
        *end = 0;
        if (end > line && end[-1] == '\r') end[-1] = 0;
        if (end - line < LINE_MAX_BYTES) take(person, line);
        line = end + 1;
    }
    memmove(person->in.data, line, left);
    person->in.used = left;
    return 1;
}

static void flush(int poll, struct person *person) {
    struct buffer *out = &person->out;
    ssize_t sent = send(person->fd, out->data, out->used, MSG_NOSIGNAL);
    if (sent < 0) sent = errno == EAGAIN ? 0 : (ssize_t)out->used;
    memmove(out->data, out->data + sent, out->used - sent);
    out->used -= sent;
    person->is_dirty = 0;
    if (person->waits != (out->used > 0)) {
        person->waits = out->used > 0;
        struct epoll_event wanted = {.events = EPOLLIN | (person->waits ? EPOLLOUT : 0), .data.ptr = person};
        epoll_ctl(poll, EPOLL_CTL_MOD, person->fd, &wanted);
    }
}

static void admit(int poll, int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct person *person = calloc(1, sizeof *person);
        if (!person) abort();
        person->fd = fd;
        struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = person};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &wanted);
    }
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), poll = epoll_create1(EPOLL_CLOEXEC);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096)) return perror("bind"), 1;
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = &listener}, control = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
    epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &control);
    struct epoll_event events[EVENTS_MAX];
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS_MAX, -1);
        for (int at = 0; at < ready; at++) {
            void *what = events[at].data.ptr;
            if (!what) {
                char words[100];
                if (read(STDIN_FILENO, words, sizeof words) <= 0) return 0;
            } else if (what == &listener) {
                admit(poll, listener);
            } else if (events[at].events & EPOLLOUT) {
                show(what, "", 0);
            } else if (!hear(what)) {
                leave(what);
            }
        }
        for (int at = 0; at < dirty_used; at++) flush(poll, dirty[at]);
        dirty_used = 0;
    }
}
