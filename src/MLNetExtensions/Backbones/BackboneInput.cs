using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>
/// The one image input of a network: [batch, channels, height, width], [batch, height, width, channels], or [batch, height, width] of one
/// channel.
/// </summary>
/// <param name="Name">The input's name.</param>
/// <param name="Layout">The position of the channels.</param>
/// <param name="Channels">The number of channels: 1, 3 or 4.</param>
/// <param name="Height">The height, or null where the file leaves it open.</param>
/// <param name="Width">The width, or null where the file leaves it open.</param>
/// <param name="IsHalf">True if the network takes 16-bit floats.</param>
internal sealed record BackboneInput(string Name, ImageLayout Layout, int Channels, int? Height, int? Width, bool IsHalf = false)
{
    /// <summary>The side of the images where the file leaves it open.</summary>
    private const int DefaultSide = 224;

    private const string Expected =
        "[batch,channels,height,width], [batch,height,width,channels] with 1, 3 or 4 channels, or [batch,height,width]";

    /// <param name="graph">The network.</param>
    /// <param name="source">The source of the network, for messages.</param>
    /// <exception cref="OnnxFormatException">The network does not have exactly one input, or it is not a batch of images of 1, 3 or 4
    /// channels.</exception>
    public static BackboneInput Find(OnnxGraph graph, string source)
    {
        if (graph.Inputs.Count != 1)
            throw new OnnxFormatException(
                $"{source} has {graph.Inputs.Count} inputs ({string.Join("; ", graph.Inputs)}); a backbone has one, a batch of images "
                    + $"{Expected}."
            );
        OnnxValue input = graph.Inputs[0];
        if (input.ElementType is not (OnnxElementType.Float or OnnxElementType.Float16) || input.Shape is not { Count: 3 or 4 } shape)
            throw new OnnxFormatException($"{source}: the input {input} is no batch of images; expected Float or Float16 {Expected}.");

        bool isHalf = input.ElementType == OnnxElementType.Float16;
        if (shape.Count == 3)
            // Three in first place are the colors of one image rather than a batch of three.
            return shape[0].Size is not (3 or 4)
                ? new BackboneInput(input.Name, ImageLayout.NoChannels, 1, Side(shape[1]), Side(shape[2]), isHalf)
                : throw new OnnxFormatException($"{source}: the input {input} has no batch; expected {Expected}. Export it with a batch.");

        // Of two that could be channels, three are more likely than one or four, and an open one is what the other is not.
        ImageLayout layout = Rank(shape[3]) > Rank(shape[1]) ? ImageLayout.ChannelsLast : ImageLayout.ChannelsFirst;
        OnnxDimension channels = shape[layout == ImageLayout.ChannelsLast ? 3 : 1];
        if (channels.Size is long && Rank(channels) == 0)
            throw new OnnxFormatException($"{source}: the input {input} has no dimension of 1, 3 or 4 channels; expected {Expected}.");
        int count = (int?)channels.Size ?? FirstLayer.Find(graph)?.Channels ?? 3;
        if (count is not (1 or 3 or 4))
            throw new OnnxFormatException($"{source}: the input {input} is read by a layer of {count} channels; images have 1, 3 or 4.");
        return layout == ImageLayout.ChannelsLast
            ? new BackboneInput(input.Name, layout, count, Side(shape[1]), Side(shape[2]), isHalf)
            : new BackboneInput(input.Name, layout, count, Side(shape[2]), Side(shape[3]), isHalf);

        static int Rank(OnnxDimension dimension) =>
            dimension.Size switch
            {
                3 => 3,
                1 or 4 => 2,
                null => 1,
                _ => 0,
            };

        int? Side(OnnxDimension dimension) =>
            dimension.Size is not long size ? null
            : size is > 0 and <= ushort.MaxValue ? (int)size
            : throw new OnnxFormatException($"{source}: the input {input} has an impossible size.");
    }

    /// <summary>torchvision's preprocessing at this input's size.</summary>
    public ImagePreprocessing DefaultPreprocessing() =>
        new()
        {
            Width = Width ?? DefaultSide,
            Height = Height ?? DefaultSide,
            Channels = ImagePreprocessing.OrderOf(Channels),
            ChannelsLast = Layout == ImageLayout.ChannelsLast,
        };

    /// <summary>The reason, other than its size, why a preprocessing does not fit this input; null if it fits.</summary>
    public string? Problem(ImagePreprocessing preprocessing)
    {
        if (PreprocessingCheck.Problem(preprocessing) is string problem)
            return problem;
        if (preprocessing.ChannelCount != Channels)
            return $"the preprocessing makes images of {preprocessing.ChannelCount} "
                + $"channel{(preprocessing.ChannelCount == 1 ? "" : "s")} ({preprocessing.Channels}), the input '{Name}' takes "
                + $"{Channels}: {Describe()}. "
                + $"{nameof(Backbone)}.{nameof(Backbone.WithChannels)} makes a backbone for other channels of this one.";
        if (Channels > 1 && preprocessing.ChannelsLast != (Layout == ImageLayout.ChannelsLast))
            return $"the preprocessing says {nameof(ImagePreprocessing.ChannelsLast)} = {preprocessing.ChannelsLast}, the input "
                + $"'{Name}' is {Describe()}.";
        return null;
    }

    /// <summary>
    /// True if a preprocessing changes pixel values; a model with this inside must not receive images that were preprocessed already.
    /// </summary>
    public static bool HasOwnPreprocessing(ImagePreprocessing p) =>
        p.CropFraction != 1
        || p.Channels is ImageChannelOrder.Bgr or ImageChannelOrder.Bgra
        || p.Scale != 1
        || p.Mean.Any(m => m != 0)
        || p.StandardDeviation.Any(d => d != 1);

    /// <summary>True if the input takes images of the preprocessing's size, according to the file.</summary>
    public bool HasSizeOf(ImagePreprocessing preprocessing) =>
        (Width ?? preprocessing.Width) == preprocessing.Width && (Height ?? preprocessing.Height) == preprocessing.Height;

    /// <summary>The dimensions behind the batch for images of some size.</summary>
    public long[] ItemShape(int height, int width) =>
        Layout switch
        {
            ImageLayout.ChannelsLast => [height, width, Channels],
            ImageLayout.NoChannels => [height, width],
            _ => [Channels, height, width],
        };

    /// <summary>The size that the file states.</summary>
    public string Size => $"{Describe(Width)}x{Describe(Height)}";

    private string Describe() =>
        Layout switch
        {
            ImageLayout.ChannelsLast => $"[batch,height,width,{Channels}]",
            ImageLayout.NoChannels => "[batch,height,width]",
            _ => $"[batch,{Channels},height,width]",
        };

    private static string Describe(int? side) => side is null ? "any" : $"{side}";
}
