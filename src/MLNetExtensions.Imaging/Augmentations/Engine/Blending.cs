namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Pillow's ImageEnhance: from a degenerate image through the image itself and beyond.</summary>
internal static class Blending
{
    /// <summary>level + factor * (value - level), cut to 0..255 and truncated as Pillow's Image.blend does.</summary>
    public static void Lookup(WorkingImage image, int level, float factor)
    {
        Span<byte> table = stackalloc byte[256];
        for (int value = 0; value < 256; value++)
            table[value] = (byte)Math.Clamp(level + (factor * (value - level)), 0, 255);
        image.Lookup(table);
    }
}
