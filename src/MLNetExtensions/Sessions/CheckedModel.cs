using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Sessions;

/// <summary>A model that was inspected, and its graph.</summary>
/// <param name="Source">The model.</param>
/// <param name="Outline">Its graph without weights; null if it is beyond what this library reads.</param>
internal sealed record CheckedModel(OnnxModelSource Source, OnnxGraph? Outline)
{
    /// <summary>Checks a model.</summary>
    /// <exception cref="OnnxFormatException">It is no ONNX model or a damaged one.</exception>
    public static CheckedModel Of(OnnxModelSource source)
    {
        source.Check();
        OnnxGraph outline;
        try
        {
            outline = source.ReadOutline();
        }
        catch (OnnxFormatException) when (!source.HasUnnamedEnd)
        {
            // ONNX Runtime reads more. What it does not survive was looked for before.
            return new CheckedModel(source, null);
        }
        OversizedValue.Check(outline);
        return new CheckedModel(source.HasUnnamedEnd ? source.With(source.ReadGraph()) : source, outline);
    }

    /// <summary>Checks a model, and turns what it has of training mode into inference, which is said in the log.</summary>
    /// <exception cref="OnnxFormatException">It is no ONNX model or a damaged one.</exception>
    public static CheckedModel ForInference(MLContext context, OnnxModelSource source)
    {
        CheckedModel model = Of(source);
        if (model.Outline is not { } outline || InferenceMode.Warning(outline, $"The model {source.Name}") is not { } warning)
            return model;
        ScoringLog.Warn(context, warning);
        return new CheckedModel(source.With(InferenceMode.Apply(source.ReadGraph())), InferenceMode.Apply(outline));
    }
}
