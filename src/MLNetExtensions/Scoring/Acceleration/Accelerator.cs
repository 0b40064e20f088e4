using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>Finds the ONNX steps of a model and what feeds them.</summary>
internal static class Accelerator
{
    /// <summary>The model with its ONNX steps, and the image steps before them, replaced by batched ones.</summary>
    /// <exception cref="ArgumentException">There is no ONNX step.</exception>
    public static TransformerChain<ITransformer> Accelerate(MLContext context, ITransformer model, OnnxSessionSettings settings)
    {
        List<ScopedTransformer> chain = [.. FlatChain.Of(model)];
        if (!chain.Exists(t => t.Transformer is OnnxTransformer))
            throw new ArgumentException(
                "The model has no ONNX step that could be accelerated; it consists of "
                    + $"{(chain.Count == 0 ? "nothing" : string.Join(", ", chain.Select(t => t.Transformer.GetType().Name)))}.",
                nameof(model)
            );
        var made = new List<AcceleratedTransformer>();
        try
        {
            for (int i = chain.Count - 1; i >= 0; i--)
                if (chain[i].Transformer is OnnxTransformer onnx)
                    i = Replace(context, chain, i, onnx, settings, made);
            return new TransformerChain<ITransformer>(chain.Select(t => t.Transformer), chain.Select(t => t.Scope));
        }
        catch
        {
            made.ForEach(transformer => transformer.Close());
            throw;
        }
    }

    /// <returns>The place of the new step.</returns>
    private static int Replace(
        MLContext context,
        List<ScopedTransformer> chain,
        int position,
        OnnxTransformer onnx,
        OnnxSessionSettings settings,
        List<AcceleratedTransformer> made
    )
    {
        string[] inputs = StandardTransformers.Inputs(onnx);
        var traces = new List<List<TracedInput>>();
        int start = 0;
        foreach (string input in inputs)
        {
            traces.Add(TracedInput.Trace(chain, position, input, out int boundary));
            start = Math.Max(start, boundary);
        }
        // For each input the earliest that is still there at the common start.
        TracedInput[] chosen = [.. traces.Select(trace => trace.Last(t => t.Position >= start))];
        start = chosen.Length == 0 ? position : chosen.Min(t => t.Position);
        if (chosen.Length > 1 && (chosen.Any(t => t.Position > start && !t.IsSize) || !HaveImages(chosen)))
        {
            chosen = [.. traces.Select(trace => trace[0])];
            start = position;
        }
        List<ScopedTransformer> replaced = chain[start..(position + 1)];
        var accelerated = new AcceleratedTransformer(context, onnx, [.. replaced.Select(t => t.Transformer)], inputs, chosen, settings);
        made.Add(accelerated);
        chain.RemoveRange(start, replaced.Count);
        chain.Insert(start, new ScopedTransformer(accelerated, replaced[^1].Scope));
        return start;
    }

    /// <summary>True if all sizes are those of images that are decoded for another input.</summary>
    private static bool HaveImages(TracedInput[] inputs) =>
        inputs.Where(t => t.IsSize).All(t => inputs.Any(image => image.Resize is not null && image.Column == t.Column));
}
