using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data;
using MLNetExtensions.Scoring.Saving;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>A column that an ONNX transformer's input can be made of, and how, at a place of the chain.</summary>
/// <param name="Position">The place: before the transformer of this number.</param>
/// <param name="Column">The column.</param>
/// <param name="Resize">The resizing of its images; null if it is the unchanged input.</param>
/// <param name="Extract">The options that make pixels of them.</param>
/// <param name="Folder">The folder that its paths start from.</param>
/// <param name="IsUpright">True if its files or bytes are turned upright.</param>
/// <param name="IsSize">True if the input is the size of its images.</param>
internal sealed record TracedInput(
    int Position,
    string Column,
    ResizeStep? Resize = null,
    ExtractStep? Extract = null,
    string? Folder = null,
    bool IsUpright = false,
    bool IsSize = false
)
{
    /// <summary>Follows an ONNX transformer's input back through the transformers that scoring does in one step.</summary>
    /// <param name="chain">The model.</param>
    /// <param name="onnx">The number of the ONNX transformer.</param>
    /// <param name="column">The input.</param>
    /// <param name="boundary">Receives the place that the trace could not go beyond.</param>
    /// <returns>The values that the input can be computed from, the last one first.</returns>
    public static List<TracedInput> Trace(IReadOnlyList<ScopedTransformer> chain, int onnx, string column, out int boundary)
    {
        var found = new List<TracedInput> { new(onnx, column) };
        TracedInput state = found[0];
        for (boundary = onnx; boundary > 0; boundary--)
        {
            ScopedTransformer before = chain[boundary - 1];
            TracedInput? next = before.Scope == chain[onnx].Scope ? state.Before(before.Transformer, boundary - 1) : null;
            if (next is null)
                break;
            if (ReferenceEquals(next, state))
                continue;
            state = next;
            // Pixels of images as large as they come are not made here.
            if (state.Extract is null || state.Resize is not null)
                found.Add(state);
        }
        return found;
    }

    /// <returns>This, if the transformer does not use the column; null if its effect is not known.</returns>
    private TracedInput? Before(ITransformer transformer, int position)
    {
        switch (transformer)
        {
            case ColumnCopyingTransformer copying:
                return StandardTransformers.Columns(copying).FirstOrDefault(c => c.Output == Column) is { Output: not null } copied
                    ? this with
                    {
                        Position = position,
                        Column = copied.Input,
                    }
                    : this;
            case ImagePixelExtractingTransformer extracting:
                if (StandardTransformers.Columns(extracting).FirstOrDefault(c => c.Output == Column) is not { } extract)
                    return this;
                return Extract is null && extract.IsFloat && extract.Colors == ImagePixelExtractingEstimator.ColorBits.Rgb
                    ? this with
                    {
                        Position = position,
                        Column = extract.Input,
                        Extract = extract,
                    }
                    : null;
            case ImageResizingTransformer resizing:
                if (StandardTransformers.Columns(resizing).FirstOrDefault(c => c.Output == Column) is not { } resize)
                    return this;
                return
                    Extract is not null
                    && Resize is null
                    && (resize.Kind != ImageResizingEstimator.ResizingKind.IsoCrop || resize.Anchor == ImageResizingEstimator.Anchor.Center)
                    ? this with
                    {
                        Position = position,
                        Column = resize.Input,
                        Resize = resize,
                    }
                    : null;
            case ImageLoadingTransformer loading:
                if (StandardTransformers.Columns(loading).FirstOrDefault(c => c.Output == Column) is not { Output: not null } loaded)
                    return this;
                return Resize is not null || IsSize
                    ? this with
                    {
                        Position = position,
                        Column = loaded.Input,
                        Folder = loading.ImageFolder,
                    }
                    : null;
            case CustomMappingTransformer<EncodedImageSource, LoadedImage>:
                if (Column != LoadedImage.ColumnName)
                    return this;
                return Resize is not null || IsSize
                    ? this with
                    {
                        Position = position,
                        Column = EncodedImageSource.ColumnName,
                        IsUpright = true,
                    }
                    : null;
            case CustomMappingTransformer<ImagePathSource, LoadedImage>:
                if (Column != LoadedImage.ColumnName)
                    return this;
                return Resize is not null || IsSize
                    ? this with
                    {
                        Position = position,
                        Column = ImagePathSource.ColumnName,
                        IsUpright = true,
                    }
                    : null;
            case CustomMappingTransformer<LoadedImage, MeasuredImage>:
                return Column == MeasuredImage.ColumnName
                    ? this with
                    {
                        Position = position,
                        Column = LoadedImage.ColumnName,
                        IsSize = true,
                    }
                    : this;
            default:
                return null;
        }
    }
}
