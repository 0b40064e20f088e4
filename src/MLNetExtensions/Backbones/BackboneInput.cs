using MLNetExtensions.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Backbones;

/// <summary>The one image input of a network: [batch, 3, height, width] or [batch, height, width, 3].</summary>
/// <param name="Name">The input's name.</param>
/// <param name="ChannelsLast">Whether the layout is height x width x channel.</param>
/// <param name="Height">The height, or null where the file leaves it open.</param>
/// <param name="Width">The width, or null where the file leaves it open.</param>
internal sealed record BackboneInput(string Name, bool ChannelsLast, int? Height, int? Width)
{
    /// <summary>The side of the pictures where the file leaves it open.</summary>
    private const int DefaultSide = 224;

    /// <param name="graph">The network.</param>
    /// <param name="source">Where the network comes from, for messages.</param>
    /// <exception cref="OnnxFormatException">The network has no input, several, or one that is no batch of pictures of three channels.</exception>
    public static BackboneInput Find(OnnxGraph graph, string source)
    {
        if (graph.Inputs.Count != 1)
            throw new OnnxFormatException($"{source} has {graph.Inputs.Count} inputs ({string.Join("; ", graph.Inputs)}); a backbone has one, a batch of pictures [batch, 3, height, width].");
        OnnxValue input = graph.Inputs[0];
        if (input.ElementType != OnnxElementType.Float || input.Shape is not { Count: 4 } shape)
            throw new OnnxFormatException($"{source}: the input {input} is no batch of pictures; expected Float[batch,3,height,width] or Float[batch,height,width,3].");

        bool channelsLast = shape[1].Size != 3 && shape[3].Size == 3;
        OnnxDimension channels = shape[channelsLast ? 3 : 1];
        if (channels.Size is long count && count != 3)
            throw new OnnxFormatException($"{source}: the input {input} has {count} channels; pictures have 3 (red, green, blue).");
        return channelsLast
            ? new BackboneInput(input.Name, true, Side(shape[1]), Side(shape[2]))
            : new BackboneInput(input.Name, false, Side(shape[2]), Side(shape[3]));

        int? Side(OnnxDimension dimension) => dimension.Size is not long size ? null
            : size is > 0 and <= ushort.MaxValue ? (int)size
            : throw new OnnxFormatException($"{source}: the input {input} has an impossible size.");
    }

    /// <summary>torchvision's preprocessing at this input's size.</summary>
    public ImagePreprocessing DefaultPreprocessing() =>
        new() { Width = Width ?? DefaultSide, Height = Height ?? DefaultSide, ChannelsLast = ChannelsLast };

    /// <summary>What speaks against a preprocessing for this input, but for its size, or null.</summary>
    public string? Problem(ImagePreprocessing preprocessing)
    {
        if (preprocessing.ChannelsLast != ChannelsLast)
            return $"the preprocessing says {nameof(ImagePreprocessing.ChannelsLast)} = {preprocessing.ChannelsLast}, the input '{Name}' is {(ChannelsLast ? "[batch,height,width,3]" : "[batch,3,height,width]")}.";
        return PreprocessingJson.Problem(preprocessing);
    }

    /// <summary>Whether the input takes pictures of the preprocessing's size, as the file states it.</summary>
    public bool HasSizeOf(ImagePreprocessing preprocessing) =>
        (Width ?? preprocessing.Width) == preprocessing.Width && (Height ?? preprocessing.Height) == preprocessing.Height;

    /// <summary>The size that the file states.</summary>
    public string Size => $"{Describe(Width)}x{Describe(Height)}";

    private static string Describe(int? side) => side is null ? "any" : $"{side}";
}
