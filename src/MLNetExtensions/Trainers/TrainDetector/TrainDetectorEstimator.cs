using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>Trains an object detector: a pretrained backbone, a feature pyramid, and a head without anchor boxes.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | Label | Vector of Key | The class of each object of the image; none for background. |
/// | BoundingBoxes | Vector of Single | Left, top, right and bottom of each object, in pixels of the upright image. |
/// | ImagePath | Text, vector of Byte, MLImage | The image. |
/// | PredictedLabel | Vector of Key | The class of each object that was found, best first, with the label's key values. |
/// | PredictedBoundingBoxes | Vector of Single | Their boxes, as in BoundingBoxes. |
/// | Score | Vector of Single | Their scores, 0 to 1. |
///
/// A column IsCrowd (vector of Boolean), as LoadFromCoco makes it, marks boxes around many objects, which are not trained on.
///
/// ### Trainer Characteristics
///
/// | | |
/// | -- | -- |
/// | Machine learning task | Object detection |
/// | Is normalization required? | No |
/// | Is caching required? | No: images are decoded once and cached within MemoryBudget |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, MLNetExtensions.TorchSharp with libtorch, Microsoft.ML.OnnxRuntime |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Training Algorithm Details
///
/// The backbone is cut at its maps of strides 8, 16 and 32. Behind them are a feature pyramid and, for each map, two towers: for classes, and
/// for distributions of the distances to a box's sides (arXiv 2006.04388). Anchors learn the objects that they fit best (arXiv 2108.07755); the
/// losses are binary cross-entropy, complete IoU (arXiv 1911.08287) and distribution focal loss. The head is trained alone first, then all
/// layers. Only apply models from trusted sources.
/// ]]></format>
/// </remarks>
public sealed class TrainDetectorEstimator : IEstimator<TrainDetectorTransformer>
{
    private readonly MLContext _context;
    private readonly TrainDetectorOptions _options;

    internal TrainDetectorEstimator(MLContext context, TrainDetectorOptions options)
    {
        options = options.Clone();
        options.Validate();
        (_context, _options) = (context, options);
    }

    /// <summary>
    /// Trains the detector. Each call starts from the backbone's weights, or from the checkpoint of <see cref="TrainerOptions.ResumeFrom"/>.
    /// </summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">The backbone has no maps of the strides that are needed, or the validation set other classes.
    /// </exception>
    /// <exception cref="InvalidImageException">More images than <see cref="TrainerOptions.MaxInvalidImages"/> cannot be read.</exception>
    /// <exception cref="InvalidDataException">A row's labels and boxes do not fit together, or a box is no box within the image.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or no training runtime.</exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">Training fell apart before anything was learned.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before an epoch had run.</exception>
    public TrainDetectorTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        TrainDetectorOptions options = _options.Clone();
        options.TakeMark(input.Schema);
        IHost host = ((IHostEnvironment)_context).Register("TrainDetector");
        using IChannel channel = host.Start("Training");
        var trainer = new DetectorTrainer(_context, host, channel, options);
        (OnnxGraph model, TrainingResult result) = trainer.Train(input);
        return new TrainDetectorTransformer(_context, options, input.Schema, model, trainer.Classes, result);
    }

    /// <summary>Checks the label, bounding box and image columns and adds the output columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ImageColumn.Check(inputSchema, _options.ImageColumnName);
        CheckVector(inputSchema, "label", _options.LabelColumnName, c => c.IsKey, "Vector<Key<UInt32>>");
        CheckVector(
            inputSchema,
            "bounding box",
            _options.BoundingBoxesColumnName,
            c => c.ItemType == NumberDataViewType.Single && !c.IsKey,
            "Vector<Single>"
        );
        var added = new DataViewSchema.Builder();
        added.AddColumn(_options.PredictedLabelColumnName, new VectorDataViewType(new KeyDataViewType(typeof(uint), 1)));
        added.AddColumn(_options.PredictedBoundingBoxesColumnName, new VectorDataViewType(NumberDataViewType.Single));
        added.AddColumn(_options.ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single));
        return SchemaShapes.Add(inputSchema, added.ToSchema());
    }

    private static void CheckVector(SchemaShape schema, string role, string name, Func<SchemaShape.Column, bool> fits, string expected)
    {
        SchemaShape.Column column = SchemaShapes.Find(schema, name) ?? throw MissingColumn.In(schema, role, name, parameter: "inputSchema");
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar || !fits(column))
            throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"Schema mismatch for {role} column '{name}': expected {expected}, got "
                    + $"{(column.Kind == SchemaShape.Column.VectorKind.Scalar ? "" : "a vector of ")}"
                    + $"{(column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}")}"
            );
    }
}
