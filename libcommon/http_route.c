/* libcommon/http_route.c
 * Which route a path and a method mean: exact, decoded segments. Pure. */
#include "libcommon/http_internal.h"
#include "libcommon/text.h"

#include <string.h>

#define SEGMENTS_MAX 12

struct segments {
    const char *v[SEGMENTS_MAX];
    size_t n;
};

/* Cuts and decodes a path; false when an escape is bad or there are too many parts. */
static bool split_path(struct gg_arena *arena, struct gg_str path, struct segments *segments)
{
    size_t start = 1;

    segments->n = 0;
    for (size_t i = 1; i <= path.n; i++) {
        if (i < path.n && path.p[i] != '/')
            continue;
        if (segments->n == SEGMENTS_MAX ||
            !(segments->v[segments->n++] = gg_percent_decode(arena, (struct gg_str){path.p + start, i - start})))
            return false;
        start = i + 1;
    }
    return true;
}

/* Whether the route's pattern fits; its parameters are copied out. */
static bool fits(const struct gg_route *route, const struct segments *segments, const char *params[4])
{
    const char *p = route->path;
    size_t n_params = 0;

    for (size_t i = 0; i < segments->n; i++) {
        size_t n;
        if (*p++ != '/')
            return false;
        n = strcspn(p, "/");
        if (*p == ':') {
            if (!segments->v[i][0])
                return false;
            params[n_params++] = segments->v[i];
        } else if (strlen(segments->v[i]) != n || memcmp(p, segments->v[i], n) != 0) {
            return false;
        }
        p += n;
    }
    return *p == '\0';
}

bool gg_method_parse(struct gg_str name, enum gg_method *method, bool *head)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

    *head = name.n == 4 && memcmp(name.p, "HEAD", 4) == 0;
    *method = GG_GET;
    for (size_t i = 0; !*head && i < GG_LEN(names); i++)
        if (name.n == strlen(names[i]) && memcmp(name.p, names[i], name.n) == 0) {
            *method = (enum gg_method)i;
            return true;
        }
    return *head;
}

const struct gg_route *gg_route_find(const struct gg_service *service, struct gg_arena *arena, enum gg_method method,
                                     struct gg_str path, const char *params[4], const struct gg_problem **problem,
                                     const char **allow)
{
    static const char *const names[] = {"GET, HEAD", "POST", "PUT", "PATCH", "DELETE"};
    struct segments segments;

    *allow = NULL;
    *problem = &GG_P_MALFORMED;
    if (!split_path(arena, path, &segments))
        return NULL;
    for (size_t i = 0; i < service->n_routes; i++) {
        if (!fits(&service->routes[i], &segments, params))
            continue;
        if (service->routes[i].method == method)
            return &service->routes[i];
        *allow = *allow ? gg_sprintf(arena, "%s, %s", *allow, names[service->routes[i].method])
                        : names[service->routes[i].method];
    }
    *problem = *allow ? &GG_P_METHOD : &GG_P_NOT_FOUND;
    return NULL;
}

size_t gg_route_body_limit(const struct gg_route *route)
{
    if (!route)
        return GG_JSON_MAX; /* refused anyway, but read so that the client hears why */
    if (route->max_body)
        return route->max_body;
    return GG_JSON_MAX;
}
