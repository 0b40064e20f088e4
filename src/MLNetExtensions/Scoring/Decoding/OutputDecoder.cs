using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>A decoding for a certain model.</summary>
internal abstract class OutputDecoder
{
    /// <summary>The outputs that are decoded.</summary>
    public abstract IReadOnlyList<string> OutputNames { get; }

    /// <summary>The number of columns that are added.</summary>
    public abstract int ColumnCount { get; }

    /// <summary>The names of the classes; null if there are none.</summary>
    public virtual IReadOnlyList<string>? LabelNames => null;

    /// <summary>Checks that the outputs have the shape that is decoded.</summary>
    /// <param name="plan">Has the outputs from <paramref name="first"/> on.</param>
    /// <param name="first">The first output that is decoded.</param>
    /// <param name="image">The preprocessing of the input; null if the model has no image input.</param>
    /// <exception cref="ArgumentOutOfRangeException">An output has another shape.</exception>
    public abstract void Check(ScoringPlan plan, int first, ImagePreprocessing? image);

    /// <summary>The columns that are added.</summary>
    public abstract IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringPlan plan, int first);

    /// <summary>True if the decoding depends on the size that images had before they were resized.</summary>
    public virtual bool NeedsImageSize => false;

    /// <summary>The decoding as nodes of an exported graph.</summary>
    /// <param name="end">Receives the nodes.</param>
    /// <param name="outputs">The decoded outputs' names in the graph.</param>
    /// <param name="size">The graph's input with the images' widths and heights, Float [batch, 2]; null where it is not needed, or not known.
    /// </param>
    /// <returns>The graph's further outputs.</returns>
    public abstract IReadOnlyList<OnnxValue> Export(GraphEnd end, IReadOnlyList<string> outputs, string? size);

    /// <summary>The graph's outputs that a saved pipeline needs of it.</summary>
    public abstract IReadOnlyList<string> SavedOutputs { get; }

    /// <summary>Appends the transformers that do the rest of the decoding in a saved pipeline.</summary>
    /// <param name="context">Makes the transformers.</param>
    /// <param name="chain">Ends with the graph's outputs.</param>
    /// <param name="temporaries">Receives the columns to drop at the end.</param>
    public abstract EstimatorChain<ITransformer> Append(MLContext context, EstimatorChain<ITransformer> chain, List<string> temporaries);
}
