using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Onnx;
using MLNetExtensions.Scoring.Saving;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>Reads the options of ML.NET's transformers by reflection, because ML.NET shows them only to its own assemblies.</summary>
internal static class StandardTransformers
{
    public static IEnumerable<(string Output, string Input)> Columns(ImageLoadingTransformer transformer) =>
        Member<IEnumerable<(string, string)>>(transformer, "Columns");

    public static IEnumerable<(string Output, string Input)> Columns(ColumnCopyingTransformer transformer) =>
        Member<IEnumerable<(string, string)>>(transformer, "Columns");

    public static IEnumerable<ResizeStep> Columns(ImageResizingTransformer transformer) =>
        Member<IEnumerable<object>>(transformer, "Columns")
            .Select(column => new ResizeStep(
                Member<string>(column, "Name"),
                Member<string>(column, "InputColumnName"),
                Member<int>(column, "ImageWidth"),
                Member<int>(column, "ImageHeight"),
                Member<ImageResizingEstimator.ResizingKind>(column, "Resizing"),
                Member<ImageResizingEstimator.Anchor>(column, "Anchor")
            ));

    public static IEnumerable<ExtractStep> Columns(ImagePixelExtractingTransformer transformer) =>
        Member<IEnumerable<object>>(transformer, "Columns")
            .Select(column => new ExtractStep(
                Member<string>(column, "Name"),
                Member<string>(column, "InputColumnName"),
                Member<ImagePixelExtractingEstimator.ColorBits>(column, "ColorsToExtract"),
                Member<ImagePixelExtractingEstimator.ColorsOrder>(column, "OrderOfExtraction"),
                Member<bool>(column, "InterleavePixelColors"),
                Member<float>(column, "OffsetImage"),
                Member<float>(column, "ScaleImage"),
                Member<bool>(column, "OutputAsFloatArray")
            ));

    public static string[] Inputs(OnnxTransformer transformer) => Member<string[]>(transformer, "Inputs");

    public static string[] Outputs(OnnxTransformer transformer) => Member<string[]>(transformer, "Outputs");

    /// <summary>The bytes of a transformer's model.</summary>
    public static byte[] ModelOf(MLContext context, OnnxTransformer transformer)
    {
        using var saved = new MemoryStream();
        context.Model.Save(transformer, null, saved);
        return SavedOnnxModel.ReadAll(saved, "The ONNX step", bytes => bytes).FirstOrDefault() ?? throw Unknown(transformer, "OnnxModel");
    }

    private static T Member<T>(object of, string name)
    {
        const BindingFlags Flags = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        object? value = of.GetType().GetProperty(name, Flags) is { } property
            ? property.GetValue(of)
            : of.GetType().GetField(name, Flags)?.GetValue(of);
        return value is T member ? member : throw Unknown(of, name);
    }

    private static InvalidOperationException Unknown(object of, string member) =>
        new(
            $"{of.GetType().Name} of ML.NET {of.GetType().Assembly.GetName().Version} does not have '{member}' as version 5.0 has it; "
                + $"Accelerate does not know this version."
        );
}
