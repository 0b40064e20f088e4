using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones;

/// <summary>
/// <see cref="ImagePreprocessing"/> as it stands in JSON. A type of its own, whose members can be set one by one: what the text leaves out
/// then has its default, which the serializer's generated code cannot give to <c>init</c> members.
/// </summary>
internal sealed record PreprocessingText
{
    public required int Width { get; set; }

    public required int Height { get; set; }

    public ImageResizeMode ResizeMode { get; set; }

    public ImageInterpolation Interpolation { get; set; }

    public float CropFraction { get; set; } = 0.875f;

    public ImageChannelOrder Channels { get; set; }

    public bool ChannelsLast { get; set; }

    public float Scale { get; set; } = 1f / 255;

    // Where the text has none, those of the channels hold. A null in the text is an error.
    public IReadOnlyList<float> Mean { get; set; } = null!;

    public IReadOnlyList<float> StandardDeviation { get; set; } = null!;

    public static PreprocessingText Of(ImagePreprocessing p) =>
        new()
        {
            Width = p.Width,
            Height = p.Height,
            ResizeMode = p.ResizeMode,
            Interpolation = p.Interpolation,
            CropFraction = p.CropFraction,
            Channels = p.Channels,
            ChannelsLast = p.ChannelsLast,
            Scale = p.Scale,
            Mean = p.Mean,
            StandardDeviation = p.StandardDeviation,
        };

    public ImagePreprocessing ToPreprocessing()
    {
        var read = new ImagePreprocessing
        {
            Width = Width,
            Height = Height,
            ResizeMode = ResizeMode,
            Interpolation = Interpolation,
            CropFraction = CropFraction,
            Channels = Channels,
            ChannelsLast = ChannelsLast,
            Scale = Scale,
        };
        return read with { Mean = Mean ?? read.Mean, StandardDeviation = StandardDeviation ?? read.StandardDeviation };
    }
}
