using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Tasks;

/// <summary>
/// The meaning of a trained network's outputs: their columns here, in an exported model, and in a saved standard pipeline.
/// </summary>
internal abstract class ScoringTask
{
    /// <summary>The number of outputs that the network has for an image.</summary>
    public abstract int NetworkOutputs { get; }

    /// <summary>The number of values of an image in the exported model's first output.</summary>
    public abstract int OutputLength { get; }

    /// <summary>The names of classes or labels; empty if there are none.</summary>
    public virtual IReadOnlyList<string> LabelNames => [];

    /// <summary>Completes a network to the exported model.</summary>
    /// <param name="network">From pixels to the network's outputs.</param>
    /// <param name="preprocessing">Says the size of the pixels.</param>
    /// <param name="names">The names of the exported model's values.</param>
    public abstract OnnxGraph Export(OnnxGraph network, ImagePreprocessing preprocessing, ScoringNames names);

    /// <summary>The columns that scoring adds.</summary>
    public abstract IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringNames names);

    /// <summary>Appends the transformers of ML.NET that make the same columns.</summary>
    /// <param name="context">Makes the transformers.</param>
    /// <param name="chain">Ends with the pixels.</param>
    /// <param name="names">The names of the exported model's values.</param>
    /// <param name="onnxFile">The exported model.</param>
    /// <param name="temporaries">Receives the columns to drop at the end.</param>
    public abstract EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        ScoringNames names,
        string onnxFile,
        List<string> temporaries
    );
}
