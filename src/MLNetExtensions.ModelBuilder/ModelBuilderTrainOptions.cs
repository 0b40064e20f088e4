using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.ModelBuilder;

/// <summary>What a Model Builder configuration does not say of its training, or says for another machine.</summary>
public sealed record ModelBuilderTrainOptions
{
    /// <summary>The longest time that a timer takes.</summary>
    internal static readonly TimeSpan LongestLimit = TimeSpan.FromDays(49);

    /// <summary>The ONNX file of the pretrained network, one file without external data. It is copied to <c>X.backbone.onnx</c>.</summary>
    /// <value>
    /// The default is null: the best one of <see cref="BackboneFolder"/>, if given; else <c>X.backbone.onnx</c> of an earlier run; else the
    /// best one beside the configuration; else the small network that is part of this package, with a warning.
    /// </value>
    public string? BackboneFile { get; init; }

    /// <summary>
    /// The folder that holds files of <see cref="Backbones.Backbone.Catalog"/>. The best for photos on a
    /// processor is used: EfficientNet-Lite4, ResNet-50, ResNet-34, ResNet-18, MobileNetV2, then the others. Not used if <see cref="BackboneFile"/> is given.
    /// </summary>
    /// <value>The default is null.</value>
    public string? BackboneFolder { get; init; }

    /// <summary>The preprocessing that the backbone expects.</summary>
    /// <value>The default is null: <see cref="Backbones.Backbone.FromFile"/> looks it up.</value>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The node or value of the backbone whose output is the features.</summary>
    /// <value>The default is null: the input of the classifier.</value>
    public string? FeatureNode { get; init; }

    /// <summary>The layers of the backbone to train in addition to the new head.</summary>
    /// <value>The default is <see cref="FineTuneLayers.Head"/>, as Model Builder does.</value>
    public FineTuneLayers TrainableLayers { get; init; } = FineTuneLayers.Head;

    /// <summary>The training runtime.</summary>
    /// <value>The default is null: <see cref="TrainingRuntime.Default"/>.</value>
    public ITrainingRuntime? Runtime { get; init; }

    /// <summary>The folder of the images.</summary>
    /// <value>The default is null: the configuration's.</value>
    public string? ImageFolder { get; init; }

    /// <summary>The folder of the validation images, a sub-folder for each class.</summary>
    /// <value>The default is null: the configuration's, or a part of the images.</value>
    public string? ValidationFolder { get; init; }

    /// <summary>The longest time of training. Once epochs have run, the best model so far is kept.</summary>
    /// <value>The default is null: the configuration's.</value>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The number of training images, if the configuration asks for subsampling; classes keep their proportions.</summary>
    /// <value>The default is 10,000.</value>
    public int SubsampleSize { get; init; } = 10_000;

    /// <summary>The largest number of unreadable images to skip.</summary>
    /// <value>The default is 0: the first one is an error.</value>
    public int MaxInvalidImages { get; init; }

    /// <summary>The namespace of the generated code; empty for the global one.</summary>
    /// <value>The default is null: <see cref="ModelBuilderProject.CodeNamespace"/>.</value>
    public string? CodeNamespace { get; init; }

    /// <summary>Receives a report after every step.</summary>
    /// <value>The default is null.</value>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// Cancels training. Once epochs have run, the best model so far is kept and written; before that
    /// <see cref="OperationCanceledException"/> is thrown, and nothing is written.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }
}
