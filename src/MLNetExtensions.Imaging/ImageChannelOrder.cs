namespace MLNetExtensions.Imaging;

/// <summary>The channels of a network's input, in their order.</summary>
public enum ImageChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red (Caffe's order).</summary>
    Bgr,

    /// <summary>
    /// One gray channel. A color image is converted by (19595 red + 38470 green + 7471 blue + 32768) / 65536, in integers, as Pillow's
    /// convert("L") computes it (ITU-R BT.601), after resizing.
    /// </summary>
    Gray,

    /// <summary>
    /// Red, green, blue, alpha. Colors are not premultiplied by alpha; alpha is 0 (transparent) to 255; it is 255 if a file has none.
    /// </summary>
    Rgba,

    /// <summary>Blue, green, red, alpha; see <see cref="Rgba"/>.</summary>
    Bgra,
}
