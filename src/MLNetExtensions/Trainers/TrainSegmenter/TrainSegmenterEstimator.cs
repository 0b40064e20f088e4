using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.TrainSegmenter;

/// <summary>Trains a semantic segmentation network: a pretrained backbone and a light decoder.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | MaskPath | Text, vector of Byte | The mask of the image: a PNG or BMP file of its size. Annotations say the classes. |
/// | ImagePath | Text, vector of Byte, MLImage | The image. |
/// | PredictedMask | Vector of Byte | The index of each pixel's class, row after row, in the image's own size. |
///
/// ### Trainer Characteristics
///
/// | | |
/// | -- | -- |
/// | Machine learning task | Semantic segmentation |
/// | Is normalization required? | No |
/// | Is caching required? | No: images and masks are decoded once and cached within MemoryBudget |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, MLNetExtensions.TorchSharp with libtorch, Microsoft.ML.OnnxRuntime |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Training Algorithm Details
///
/// The backbone is cut at its maps of strides 4 to 32; a decoder (`TrainSegmenterOptions.Decoder`) makes logits of them, which are resized to the
/// network's input. Pixels without a class do not count. The head is trained alone first, then all layers. Only apply models from trusted
/// sources.
/// ]]></format>
/// </remarks>
public sealed class TrainSegmenterEstimator : IEstimator<TrainSegmenterTransformer>
{
    private readonly MLContext _context;
    private readonly TrainSegmenterOptions _options;

    internal TrainSegmenterEstimator(MLContext context, TrainSegmenterOptions options)
    {
        options = options.Clone();
        options.Validate();
        (_context, _options) = (context, options);
    }

    /// <summary>
    /// Trains the network. Each call starts from the backbone's weights, or from the checkpoint of <see cref="TrainerOptions.ResumeFrom"/>.
    /// </summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">The backbone has no maps of the strides that are needed, or the masks do not say their classes.
    /// </exception>
    /// <exception cref="InvalidImageException">More images than <see cref="TrainerOptions.MaxInvalidImages"/> cannot be read, or a mask cannot
    /// be read or is not of its image's size.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or no training runtime.</exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">Training fell apart before anything was learned.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before an epoch had run.</exception>
    public TrainSegmenterTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        TrainSegmenterOptions options = _options.Clone();
        options.TakeMark(input.Schema);
        IHost host = ((IHostEnvironment)_context).Register("TrainSegmenter");
        using IChannel channel = host.Start("Training");
        using var trainer = new SegmenterTrainer(_context, host, channel, options);
        (OnnxGraph model, TrainingResult result) = trainer.Train(input);
        return new TrainSegmenterTransformer(_context, options, input.Schema, model, trainer.Classes, result);
    }

    /// <summary>Checks the mask and image columns and adds the output column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ImageColumn.Check(inputSchema, _options.ImageColumnName);
        string name = _options.LabelColumnName;
        SchemaShape.Column column =
            SchemaShapes.Find(inputSchema, name) ?? throw MissingColumn.In(inputSchema, "mask", name, parameter: nameof(inputSchema));
        bool isText = column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is TextDataViewType,
            isBytes = column.Kind != SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Byte;
        if (!isText && !isBytes)
            throw new ArgumentOutOfRangeException(
                nameof(inputSchema),
                $"Schema mismatch for mask column '{name}': expected Text or Vector<Byte>, got {column.ItemType}"
            );
        var added = new DataViewSchema.Builder();
        added.AddColumn(_options.PredictedLabelColumnName, new VectorDataViewType(NumberDataViewType.Byte));
        return SchemaShapes.Add(inputSchema, added.ToSchema());
    }
}
