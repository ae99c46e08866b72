/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files there are and who wins. Never decides what a file means: that is the readers' business. */
#include "read/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "read/beside.h"
#include "read/defaults.h"
#include "read/directories.h"
#include "read/file-read.h"
#include "read/former.h"
#include "read/load.h"
#include "read/places.h"
#include "read/settle.h"

#define SETTINGS_PATH TUNNELD_CONFDIR "/tunneld.conf"

struct config {
    char *root;
    struct settings settings;
    struct problems problems; /* of the settings and of the defaults */
    bool told;                /* those */
    bool doubtful;            /* the settings: something in them is not understood, or they are of no bytes yet */
    bool partial;             /* only some files were read, by their names */
    bool whole;               /* all were, and nothing failed since */
    struct defaults defaults;
    struct directories directories;
    struct overlay overlay;
    struct file **files; /* by directory, then name */
    size_t n_files;
    struct former former; /* while all are read anew */
    struct scope lost;    /* names that files held which are gone */
    struct set *wanted;
};

int config_new(const char *root, struct config **ret)
{
    struct config *config = calloc(1, sizeof(*config));
    size_t size = strlen(root);

    while (size && root[size - 1] == '/')
        size--;
    if (config)
        config->root = strndup(root, size);
    if (!config || !config->root || settings_init(&config->settings) < 0) {
        config_free(config);
        return -ENOMEM;
    }
    *ret = config;
    return 0;
}

static void drop_files(struct config *config)
{
    for (size_t i = 0; i < config->n_files; i++)
        file_free(config->files[i]);
    free(config->files);
    config->files = NULL;
    config->n_files = 0;
    directories_done(&config->directories);
    overlay_done(&config->overlay);
}

struct config *config_free(struct config *config)
{
    if (config) {
        set_free(config->wanted);
        drop_files(config);
        (void)former_drop(&config->former, &config->lost);
        scope_done(&config->lost);
        defaults_done(&config->defaults);
        problems_done(&config->problems);
        settings_done(&config->settings);
        free(config->root);
        free(config);
    }
    return NULL;
}

static int read_below_root(const struct config *config, const char *path, char **ret, size_t *ret_size)
{
    _cleanup_free_ char *full = NULL;

    if (asprintf(&full, "%s%s", config->root, path) < 0)
        return -ENOMEM;
    return load_text(full, ret, ret_size);
}

static int load_settings(struct config *config)
{
    _cleanup_free_ char *text = NULL;
    size_t size = 0;
    int r;

    settings_done(&config->settings);
    r = settings_init(&config->settings);
    if (r < 0)
        return r;
    config->doubtful = false;
    r = read_below_root(config, SETTINGS_PATH, &text, &size);
    if (r == -ENOENT || r == -ENOTDIR)
        return 0;
    if (r >= 0)
        r = settings_parse(&config->settings, SETTINGS_PATH, text, &config->problems);
    if (r == -ENOMEM)
        return r;
    if (r < 0)
        load_failed(&config->problems, SETTINGS_PATH, r);
    config->doubtful = problems_has_error(&config->problems) || !size;
    return 0;
}

static int read_file(struct config *config, struct file *file)
{
    const struct settings *settings = &config->settings;
    struct file_context context = {
        .defaults = &config->defaults,
        .directory = &config->directories.items[file->directory],
        .overlay = &config->overlay,
        .ipv6 = settings->ipv6,
        .wicked_keys = settings->compat_wicked_keys,
        .all_profiles = settings->networkmanager,
    };

    return file_read(file, &context);
}

static int compare_place(size_t directory, const char *name, const struct file *file)
{
    if (directory != file->directory)
        return directory < file->directory ? -1 : 1;
    return strcmp(name, file->name);
}

static int compare_files(const void *a, const void *b)
{
    const struct file *left = *(struct file *const *)a;

    return compare_place(left->directory, left->name, *(struct file *const *)b);
}

/* Where it is, or where it would have to be put in. */
static size_t find_file(const struct config *config, size_t directory, const char *name, bool *ret_found)
{
    size_t low = 0, high = config->n_files;

    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_place(directory, name, config->files[middle]);

        if (!order) {
            *ret_found = true;
            return middle;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static int insert_file(struct config *config, size_t at, struct file *file)
{
    if (!(config->n_files & (config->n_files - 1))) { /* a power of two: full */
        struct file **files = reallocarray(config->files, config->n_files ? config->n_files * 2 : 1, sizeof(*files));

        if (!files)
            return -ENOMEM;
        config->files = files;
    }
    memmove(config->files + at + 1, config->files + at, (config->n_files - at) * sizeof(*config->files));
    config->files[at] = file;
    config->n_files++;
    return 0;
}

/* Appends it, unsorted. */
static int add_file(struct config *config, size_t directory, const char *name)
{
    _cleanup_(file_freep) struct file *file = NULL;
    int r = file_new(&config->directories.items[directory], directory, name, &file);

    if (r >= 0)
        r = read_file(config, file);
    if (r == -ENOENT)
        return 0; /* it went while the directory was listed */
    if (r >= 0)
        r = insert_file(config, config->n_files, file);
    if (r >= 0)
        steal_pointer(&file);
    return r;
}

static int keep_file(struct config *config, size_t directory, struct file *file)
{
    int r = insert_file(config, config->n_files, file);

    if (r < 0) {
        file_free(file);
        return r;
    }
    file->directory = directory;
    file_unsettle(file);
    return 0;
}

static int read_directory(struct config *config, size_t i)
{
    const struct directory *directory = &config->directories.items[i];
    int r = 0;

    for (size_t j = 0; r >= 0 && j < directory->listing.n; j++) {
        const struct listing_entry *entry = &directory->listing.items[j];
        struct file *file;

        if (listing_format(directory->of, entry->name) == FORMAT_BESIDE)
            continue;
        file = former_take(&config->former, entry);
        r = file ? keep_file(config, i, file) : add_file(config, i, entry->name);
    }
    return r;
}

/* Files that were read whole may be kept; what is left of anything else is not worth a doubt. */
static int set_aside(struct config *config)
{
    const struct settings *settings = &config->settings;
    bool trusted = config->whole && !config->partial && !config->overlay.n;
    int r = former_drop(&config->former, &config->lost);

    config->whole = false;
    config->former = (struct former){
        .files = config->files,
        .n = config->n_files,
        .directories = config->directories,
        .ipv6 = settings->ipv6,
        .wicked_keys = settings->compat_wicked_keys,
        .all_profiles = settings->networkmanager,
    };
    config->files = NULL;
    config->n_files = 0;
    config->directories = (struct directories){ 0 };
    overlay_done(&config->overlay);
    if (!trusted && former_drop(&config->former, &config->lost) < 0)
        r = -ENOMEM;
    return r;
}

int config_load_settings(struct config *config)
{
    int r = set_aside(config);

    config->wanted = set_free(config->wanted);
    problems_done(&config->problems);
    config->told = config->partial = false;
    if (r >= 0)
        r = load_settings(config);
    return r < 0 ? r : directories_add_all(&config->directories, &config->settings, config->root);
}

/* *ret_same: every file would be read as with those of before. */
static int load_defaults(struct config *config, bool *ret_same)
{
    struct defaults before = config->defaults;
    int r;

    config->defaults = (struct defaults){ 0 };
    r = defaults_load(&config->defaults, config->root, &config->problems);
    *ret_same = r >= 0 && defaults_equal(&before, &config->defaults);
    defaults_done(&before);
    return r;
}

int config_load(struct config *config)
{
    bool same;
    int r = load_defaults(config, &same);

    if (r >= 0 && (!same || config->overlay.n || !former_fits(&config->former, &config->settings)))
        r = former_drop(&config->former, &config->lost);
    for (size_t i = 0; r >= 0 && i < config->directories.n; i++) {
        struct directory *directory = &config->directories.items[i];

        if (directory->beside)
            continue;
        r = former_list(&config->former, directory, &config->problems);
        if (r >= 0)
            r = places_note(&config->overlay, directory);
        if (r >= 0)
            r = read_directory(config, i);
    }
    if (r >= 0)
        r = former_drop(&config->former, &config->lost);
    config->whole = r >= 0;
    return r;
}

static int directory_of(struct config *config, const char *path, size_t size, size_t *ret)
{
    _cleanup_free_ char *name = size ? strndup(path, size) : strdup(path[0] == '/' ? "/" : ".");
    size_t before = config->directories.n;
    struct directory *directory;
    int r = name ? directories_add(&config->directories, name, "") : -ENOMEM;

    if (r < 0)
        return r;
    directory = directories_find(&config->directories, name, strlen(name));
    *ret = (size_t)(directory - config->directories.items);
    if (config->directories.n == before)
        return 0;
    directory->readable = true;
    r = listing_load(&directory->listing, &(struct listing_place){ directory->of, directory->path, directory->opened }, NULL);
    return r == -ENOMEM ? r : 0;
}

static bool is_file_name(const char *name)
{
    enum listing_format format = listing_format(LISTING_OF_EITHER, name);

    return format == FORMAT_IFCFG || (format == FORMAT_KEYFILE && keyfile_name_counts(name, KEYFILE_PLACE_OURS));
}

int config_load_files(struct config *config, char *const *paths, size_t n)
{
    int r = load_settings(config);

    config->partial = true;
    if (r >= 0)
        r = defaults_load(&config->defaults, config->root, &config->problems);
    for (size_t i = 0; r >= 0 && i < n; i++) {
        const char *slash = strrchr(paths[i], '/'), *name = slash ? slash + 1 : paths[i];
        size_t directory, before = config->n_files;

        r = directory_of(config, paths[i], (size_t)(name - paths[i]) - (slash && slash > paths[i]), &directory);
        if (r < 0)
            break;
        if (!is_file_name(name)) {
            problems_add(&config->problems, SEVERITY_ERROR, (struct place){ paths[i], 0, 0 },
                         "not the name of an ifcfg file (ifcfg-NAME) or of a keyfile (NAME.nmconnection)");
            continue;
        }
        r = add_file(config, directory, name);
        if (r >= 0 && config->n_files == before)
            load_failed(&config->problems, paths[i], -ENOENT);
    }
    if (r < 0)
        return r;
    if (config->n_files)
        qsort(config->files, config->n_files, sizeof(*config->files), compare_files);
    return 0;
}

/* Does an event on this name in this directory concern the settings or the defaults of every file? */
static bool concerns_all(const struct config *config, size_t directory, const char *name)
{
    _cleanup_free_ char *path = NULL;

    if (asprintf(&path, "%s/%s", config->directories.items[directory].path, name) < 0)
        return true;
    return !strcmp(path, SETTINGS_PATH) || defaults_concerns(path);
}

static int reread_file(struct config *config, size_t at)
{
    struct file *file = config->files[at];
    int r = scope_add(&config->lost, file->device.name);

    if (r >= 0)
        r = read_file(config, file);
    if (r != -ENOENT)
        return r;
    r = scope_add(&config->lost, file->held);
    config->lost.outside = config->lost.outside || file->reached_out;
    file_free(file);
    config->n_files--;
    memmove(config->files + at, config->files + at + 1, (config->n_files - at) * sizeof(*config->files));
    return r;
}

static int touch_beside(struct config *config, size_t directory, const char *name)
{
    struct beside_stem stems[BESIDE_STEMS];
    size_t n = beside_stems(name, stems);
    int r = 0;

    for (size_t i = n ? config->n_files : 0; r >= 0 && i > 0; i--) { /* one that is gone leaves the list */
        const struct file *file = config->files[i - 1];

        if (file->directory == directory && file->format == FORMAT_IFCFG && (file->renamed || beside_has_stem(stems, n, file->name, file->device.name)))
            r = reread_file(config, i - 1);
    }
    return r;
}

static int touch_file(struct config *config, size_t directory, const char *name)
{
    _cleanup_(file_freep) struct file *file = NULL;
    bool found;
    size_t at = find_file(config, directory, name, &found);
    int r;

    if (found)
        return reread_file(config, at);
    r = file_new(&config->directories.items[directory], directory, name, &file);
    if (r >= 0)
        r = read_file(config, file);
    if (r == -ENOENT)
        return 0;
    if (r >= 0)
        r = insert_file(config, at, file);
    if (r >= 0)
        steal_pointer(&file);
    return r;
}

static int touch(struct config *config, size_t index, const char *name)
{
    struct directory *directory = &config->directories.items[index];
    enum listing_format format = listing_format(directory->of, name);
    bool there;
    int r;

    if (directory->beside || format == FORMAT_NONE)
        return 0;
    r = directory_look(directory, name, &there);
    if (r < 0 || (!there && !listing_has(&directory->listing, name)))
        return r; /* it came and went */
    r = listing_note(&directory->listing, directory->path, name, there);
    config->wanted = set_free(config->wanted); /* it points into the files */
    if (r >= 0 && format != FORMAT_BESIDE)
        r = touch_file(config, index, name);
    if (r >= 0)
        r = touch_beside(config, index, name);
    return r;
}

int config_touch(struct config *config, size_t directory, const char *name, bool *ret_all)
{
    int r = 0;

    *ret_all = concerns_all(config, directory, name);
    if (!*ret_all)
        r = touch(config, directory, name);
    config->whole = config->whole && r >= 0;
    return r;
}

/* The names that were lost or won, or whose file was read anew. */
static int find_dirty(struct config *config, struct scope *dirty)
{
    for (size_t i = 0; i < config->lost.n; i++)
        if (scope_add(dirty, config->lost.names[i]) < 0)
            return -ENOMEM;
    dirty->outside = dirty->outside || config->lost.outside;
    scope_done(&config->lost);
    for (size_t i = 0; i < config->n_files; i++) {
        struct file *file = config->files[i];
        const char *holds = file->verdict == FILE_TUNNEL ? file->tunnel->name : "";
        bool kept = file->hidden && file->profile->hidden_by->verdict == FILE_REFUSED;

        if (!file->changed && kept == file->kept && !strcmp(file->held, holds))
            continue;
        dirty->outside = dirty->outside || file->reached_out || (file->tunnel && tunnel_reaches_out(file->tunnel));
        file->reached_out = false;
        if (scope_add(dirty, file->held) < 0 || scope_add(dirty, holds) < 0 || scope_add(dirty, file->device.name) < 0)
            return -ENOMEM;
        strcpy(file->held, holds);
        file->kept = kept;
        file->changed = false;
    }
    return 0;
}

int config_settle(struct config *config, struct scope *dirty)
{
    int r;

    if (config->wanted) /* nothing was read since */
        return 0;
    r = settle_files(config->files, config->n_files, config->partial, &config->wanted);
    if (r >= 0)
        r = find_dirty(config, dirty);
    if (r < 0)
        config->wanted = set_free(config->wanted);
    config->whole = config->whole && r >= 0;
    return r;
}

const struct set *config_wanted(const struct config *config)
{
    return config->wanted;
}

const struct settings *config_settings(const struct config *config)
{
    return &config->settings;
}

bool config_released(const struct config *config, const char *source, const char *name)
{
    const char *slash = strrchr(source, '/');

    const struct directory *directory = slash ? directories_find(&config->directories, source, (size_t)(slash - source)) : NULL;
    const struct file *file;
    size_t at;
    bool found;

    if (!directory || directory->beside)
        return false; /* not a place that is looked at now */
    at = find_file(config, (size_t)(directory - config->directories.items), slash + 1, &found);
    if (!found)
        return directory->readable;
    file = config->files[at];
    if (file->verdict == FILE_TUNNEL)
        return strcmp(file->tunnel->name, name) != 0;
    if (config->doubtful && file->place != KEYFILE_PLACE_OURS)
        return false; /* they may have said that it is ours */
    return file->verdict == FILE_IGNORED && !file->kept && !file->empty && !file->device.faulty;
}

const char *config_directory(const struct config *config, size_t i)
{
    return i < config->directories.n ? config->directories.items[i].opened : NULL;
}

struct file *const *config_files(const struct config *config, size_t *ret_n)
{
    *ret_n = config->n_files;
    return config->files;
}

const struct problems *config_own_problems(const struct config *config)
{
    return &config->problems;
}

bool config_was_told(struct config *config)
{
    bool told = config->told;

    config->told = true;
    return told;
}

bool config_has_unreadable_directory(const struct config *config)
{
    for (size_t i = 0; i < config->directories.n; i++)
        if (config->directories.items[i].unreadable)
            return true;
    return false;
}

int config_overlay(struct config *config, const char *path, const char *text, size_t size, char **ret_path)
{
    _cleanup_free_ char *place = NULL;
    int r = places_find(&config->directories, &config->overlay, path, &place);

    if (r >= 0)
        r = overlay_add(&config->overlay, place, text, size);
    if (r >= 0)
        *ret_path = steal_pointer(&place);
    return r;
}
