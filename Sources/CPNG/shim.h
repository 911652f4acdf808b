#include <png.h>
#include <stdint.h>
#include <string.h>

/// The most bytes that `ochenta_png_write` can need, or 0 if the picture is too large for memory.
static inline size_t ochenta_png_bound(uint32_t width, uint32_t height) {
    // Four bytes a pixel, and as much again: more than deflate can add.
    if (width == 0 || height == 0 || (uint64_t)width * height > 1u << 28) return 0;
    return (size_t)width * height * 8 + 65536;
}

/// Writes a picture as PNG into `memory`. With `palette` (three bytes a colour) `pixels` are indices of one byte, without
/// it three bytes a pixel. Returns the number of bytes, or 0 if libpng refuses. The simplified interface keeps libpng's
/// longjmp inside it.
static inline size_t ochenta_png_write(
    void *memory, size_t capacity, uint32_t width, uint32_t height, const void *pixels, const void *palette,
    uint32_t colors) {
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = width;
    image.height = height;
    image.format = palette ? PNG_FORMAT_RGB_COLORMAP : PNG_FORMAT_RGB;
    image.colormap_entries = colors;
    png_alloc_size_t size = capacity;
    int done = png_image_write_to_memory(&image, memory, &size, 0, pixels, 0, palette);
    png_image_free(&image);
    return done ? size : 0;
}
