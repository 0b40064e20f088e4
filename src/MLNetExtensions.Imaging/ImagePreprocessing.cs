namespace MLNetExtensions.Imaging;

/// <summary>
/// The preprocessing that a network expects: the image size, the way to reach it, and the arithmetic on 0..255 channel values:
/// <c>(value * Scale - Mean[channel]) / StandardDeviation[channel]</c>. It belongs to the weights: the same in training and in scoring.
/// </summary>
public sealed record ImagePreprocessing
{
    /// <summary>The network's input width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The network's input height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The way an image of another shape is brought to <see cref="Width"/> x <see cref="Height"/>.</summary>
    /// <value>The default is <see cref="ImageResizeMode.CropCenter"/>.</value>
    public ImageResizeMode ResizeMode { get; init; } = ImageResizeMode.CropCenter;

    /// <summary>
    /// The interpolation used to resize an image. Set it to the one that the backbone was trained with. Only
    /// <see cref="ImageInterpolation.Standard"/> can be saved, because no ML.NET transformer resizes otherwise. A saved model resizes with
    /// it (saving warns), and its scores then differ a little from this library's.
    /// </summary>
    /// <value>The default is <see cref="ImageInterpolation.Standard"/>.</value>
    public ImageInterpolation Interpolation { get; init; }

    /// <summary>
    /// For <see cref="ImageResizeMode.CropCenter"/>: the fraction of the resized image's shorter side to keep. 224 / 0.875 = 256.
    /// </summary>
    /// <value>The default is 0.875.</value>
    public float CropFraction { get; init; } = 0.875f;

    /// <summary>The channels of the network's input, in their order.</summary>
    /// <value>The default is <see cref="ImageChannelOrder.Rgb"/>.</value>
    public ImageChannelOrder Channels { get; init; } = ImageChannelOrder.Rgb;

    /// <summary>The number of <see cref="Channels"/>: 1, 3 or 4.</summary>
    public int ChannelCount => PlaneOrder.Length;

    /// <summary>
    /// True if the network's input is height x width x channel (TensorFlow's layout); false if it is channel x height x width. Ignored for
    /// a single channel, whose values have the same order either way.
    /// </summary>
    /// <value>The default is false.</value>
    public bool ChannelsLast { get; init; }

    /// <summary>The factor of the 0..255 values, applied first.</summary>
    /// <value>The default is 1/255.</value>
    public float Scale { get; init; } = 1f / 255;

    /// <summary>The means to subtract after <see cref="Scale"/>, one per channel in the network's channel order.</summary>
    /// <value>
    /// The default is ImageNet's: 0.485, 0.456, 0.406 for red, green and blue; 0.459, weighted as gray is, for a gray channel; 0.449, their
    /// mean, for alpha.
    /// </value>
    public IReadOnlyList<float> Mean
    {
        get => field ?? InOrder([0.485f, 0.456f, 0.406f, 0.449f], 0.459f);
        init;
    }

    /// <summary>The divisors, applied last, one per channel in the network's channel order.</summary>
    /// <value>
    /// The default is ImageNet's: 0.229, 0.224, 0.225 for red, green and blue; 0.226, weighted as gray is, for a gray channel; 0.226, their
    /// mean, for alpha.
    /// </value>
    public IReadOnlyList<float> StandardDeviation
    {
        get => field ?? InOrder([0.229f, 0.224f, 0.225f, 0.226f], 0.226f);
        init;
    }

    /// <summary>The same canvas without any arithmetic: pixels from 0 to 255.</summary>
    internal ImagePreprocessing WithRawPixels() =>
        this with
        {
            Scale = 1,
            Mean = new float[ChannelCount],
            StandardDeviation = [.. Enumerable.Repeat(1f, ChannelCount)],
        };

    /// <summary>The usual order for a number of channels.</summary>
    internal static ImageChannelOrder OrderOf(int channels) =>
        channels switch
        {
            1 => ImageChannelOrder.Gray,
            4 => ImageChannelOrder.Rgba,
            _ => ImageChannelOrder.Rgb,
        };

    /// <summary>
    /// For each channel of the network's input, the plane of the decoded image that it is: red, green, blue and alpha, or gray alone.
    /// </summary>
    internal ReadOnlySpan<int> PlaneOrder =>
        Channels switch
        {
            ImageChannelOrder.Gray => [0],
            ImageChannelOrder.Bgr => [2, 1, 0],
            ImageChannelOrder.Rgba => [0, 1, 2, 3],
            ImageChannelOrder.Bgra => [2, 1, 0, 3],
            _ => [0, 1, 2],
        };

    /// <summary>The width that images are resized to, before the center crop, if any.</summary>
    internal int CanvasWidth => ResizeMode == ImageResizeMode.CropCenter ? (int)MathF.Round(Width / CropFraction) : Width;

    /// <summary>The height that images are resized to, before the center crop, if any.</summary>
    internal int CanvasHeight => ResizeMode == ImageResizeMode.CropCenter ? (int)MathF.Round(Height / CropFraction) : Height;

    /// <summary>The canvas's first column inside the center crop.</summary>
    internal int CropLeft => (CanvasWidth - Width) / 2;

    /// <summary>The canvas's first row inside the center crop.</summary>
    internal int CropTop => (CanvasHeight - Height) / 2;

    private float[] InOrder(ReadOnlySpan<float> redGreenBlueAlpha, float gray)
    {
        if (Channels == ImageChannelOrder.Gray)
            return [gray];
        var values = new float[ChannelCount];
        for (int channel = 0; channel < values.Length; channel++)
            values[channel] = redGreenBlueAlpha[PlaneOrder[channel]];
        return values;
    }
}
