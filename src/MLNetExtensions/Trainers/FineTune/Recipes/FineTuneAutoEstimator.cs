using Microsoft.ML;

namespace MLNetExtensions.Trainers.FineTune.Recipes;

/// <summary>Fine-tunes a pretrained network with settings that are chosen for the images and the time there is.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Input column | Type | Description |
/// | -- | -- | -- |
/// | Label | Key | The class, as MapValueToKey makes it. A row without one is an error. |
/// | Image | MLImage, text or vector of Byte | An image, the path of an image file, or its bytes. |
///
/// | Output column | Type | Description |
/// | -- | -- | -- |
/// | Score | Known-sized vector of Single | A probability for each class, in the order of the label's keys. Its slot names are the classes. |
/// | PredictedLabel | Key | The class of the highest score, with the label's key values. |
///
/// ### Trainer Characteristics
///
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, MLNetExtensions.TorchSharp with libtorch, Microsoft.ML.OnnxRuntime |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Training Algorithm Details
///
/// Heads on the backbones' features are compared by the log-loss of cross-validation, and larger images are tried for the best one. If the
/// time allows, all layers are trained with a part of the images held out, and kept if they are better than the head alone on those; see
/// `FineTuneRecipe`.
/// ]]></format>
/// </remarks>
public sealed class FineTuneAutoEstimator : IEstimator<FineTuneTransformer>
{
    private readonly MLContext _context;
    private readonly FineTuneRecipeOptions _options;

    internal FineTuneAutoEstimator(MLContext context, FineTuneRecipeOptions options)
    {
        options.Validate();
        (_context, _options) = (context, options with { Backbones = options.Backbones is null ? null : [.. options.Backbones] });
    }

    /// <summary>Chooses settings and trains a model within the time. The reasons for each choice are in the log.</summary>
    /// <param name="input">The training rows.</param>
    /// <inheritdoc cref="FineTuneRecipe.Auto(MLContext, IDataView, FineTuneRecipeOptions)" path="/exception"/>
    public FineTuneTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FineTuneRecipe.Auto(_context, input, _options).Model;
    }

    /// <summary>Checks the label and the image column and adds the score and the predicted label.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label or the image column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return LabeledTask.Of(ImageTask.Classification).AddColumns(inputSchema, _options.ToFineTuneOptions());
    }
}
