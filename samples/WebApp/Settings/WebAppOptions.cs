using System.ComponentModel.DataAnnotations;

namespace WebAppSample.Settings;

/// <summary>The settings of the application, the section <c>WebApp</c> of its configuration.</summary>
public sealed class WebAppOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "WebApp";

    /// <summary>The folder of the database, the images and the models; made if it is missing.</summary>
    /// <value>The default is <c>webapp-data</c> in the working folder.</value>
    [Required]
    public string DataFolder { get; set; } = "webapp-data";

    /// <summary>The network that is fine-tuned: <c>resnet18</c> (ImageNet, for photos), <c>cifarnet</c> (small, quick), or an ONNX
    /// file.</summary>
    /// <value>The default is <c>resnet18</c>.</value>
    [Required]
    public string Backbone { get; set; } = "resnet18";

    /// <summary>The number of epochs of a training run.</summary>
    /// <value>The default is null: as many as the trainer takes by default.</value>
    [Range(1, 10_000)]
    public int? Epochs { get; set; }

    /// <summary>The fraction of the labeled images, of each class, that a model is measured with and not trained on.</summary>
    /// <value>The default is 0.2.</value>
    [Range(0.05, 0.5)]
    public double TestFraction { get; set; } = 0.2;

    /// <summary>The fewest images that each class needs for training.</summary>
    /// <value>The default is 5.</value>
    [Range(2, 1000)]
    public int MinImagesPerClass { get; set; } = 5;

    /// <summary>The threads of a training run. Predictions go on beside it.</summary>
    /// <value>The default is null: all processors.</value>
    [Range(1, 1024)]
    public int? TrainingThreads { get; set; }

    /// <summary>The largest size of an encoded image, in bytes.</summary>
    /// <value>The default is 10 MB.</value>
    [Range(1024, 256 << 20)]
    public int MaxImageBytes { get; set; } = 10 << 20;

    /// <summary>The largest number of pixels of an image, which its header tells before anything is decoded.</summary>
    /// <value>The default is 40 million.</value>
    [Range(1, 400_000_000)]
    public long MaxImagePixels { get; set; } = 40_000_000;

    /// <summary>The longer side of stored images in pixels; larger uploads are made smaller.</summary>
    /// <value>The default is 1024.</value>
    [Range(32, 4096)]
    public int StoredSide { get; set; } = 1024;

    /// <summary>The largest number of stored images.</summary>
    /// <value>The default is 20,000.</value>
    [Range(1, int.MaxValue)]
    public int MaxStoredImages { get; set; } = 20_000;

    /// <summary>The predictions that one address gets in a second, on average; twice as many at once.</summary>
    /// <value>The default is 50.</value>
    [Range(1, 1_000_000)]
    public int PredictionsPerSecond { get; set; } = 50;

    /// <summary>The uploads and other changes that one address makes in a second, on average; twice as many at once.</summary>
    /// <value>The default is 20.</value>
    [Range(1, 1_000_000)]
    public int ChangesPerSecond { get; set; } = 20;

    /// <summary>The explanations that are computed at the same time; as many again wait.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 64)]
    public int ConcurrentExplanations { get; set; } = 2;

    /// <summary>The connections that the server holds at the same time; further ones are closed.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 1000;

    /// <summary>The connections that one address holds at the same time; further ones are closed. More behind a proxy, whose address all
    /// clients have.</summary>
    /// <value>The default is 100.</value>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerAddress { get; set; } = 100;
}
