using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Imaging;
using MLNetExtensions.Training;

namespace MLNetExtensions.Explanation;

/// <summary>Settings of <c>ml.Vision().Explain</c> and <c>ml.Transforms.ExplainImage</c>.</summary>
public sealed class ExplanationOptions
{
    /// <summary>The method.</summary>
    /// <value>The default is <see cref="GradCam"/>.</value>
    public ExplanationMethod Method { get; set; } = new GradCam();

    /// <summary>The column of images: an image, a path (text) or encoded bytes.</summary>
    /// <value>The default is null: the column that a transformer was trained on, and <c>ImagePath</c> for a graph.</value>
    public string? ImageColumnName { get; set; }

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; set; }

    /// <summary>The name of the class that is explained.</summary>
    /// <value>The default is null: <see cref="ClassIndex"/>, or the predicted class of each image.</value>
    public string? ClassName { get; set; }

    /// <summary>The number of the output that is explained, from 0.</summary>
    /// <value>The default is null: <see cref="ClassName"/>, or the predicted class of each image.</value>
    public int? ClassIndex { get; set; }

    /// <summary>How images become the input of a network that does not say so itself.</summary>
    /// <value>The default is null: the model's metadata.</value>
    public ImagePreprocessing? Preprocessing { get; set; }

    /// <summary>The training runtime that computes gradients. Methods that need scores alone have none.</summary>
    /// <value>The default is null: the TorchSharp runtime.</value>
    public ITrainingRuntime? Runtime { get; set; }

    /// <summary>The number of images, or of changed copies, that are computed at once, 1 to 1024.</summary>
    /// <value>The default is 8.</value>
    public int BatchSize { get; set; } = 8;

    /// <summary>The seed of what SmoothGrad, Rise, Lime and KernelShap draw.</summary>
    /// <value>The default is null: drawn by the MLContext, so that its seed says it.</value>
    public int? Seed { get; set; }

    /// <summary>The column that <c>ExplainImage</c> adds for the map: Single, its dimensions height and width, values 0 to 1.</summary>
    /// <value>The default is <c>Heatmap</c>.</value>
    public string HeatmapColumnName { get; set; } = "Heatmap";

    /// <summary>The column that <c>ExplainImage</c> adds for the image with the map laid over it.</summary>
    /// <value>The default is <c>Overlay</c>.</value>
    public string OverlayColumnName { get; set; } = "Overlay";

    /// <summary>How much of the image the map's largest values cover in the overlay, 0 to 1.</summary>
    /// <value>The default is 0.5.</value>
    public float Opacity { get; set; } = 0.5f;

    internal ExplanationOptions Clone() => (ExplanationOptions)MemberwiseClone();

    internal void Check()
    {
        var problems = new OptionProblems();
        SettingChecks checks = SettingChecks.Of(problems, "options", this);
        checks.Required(Method);
        checks.InRange(BatchSize, 1, 1024);
        checks.InRange(Opacity, 0, 1);
        checks.AtLeast(ClassIndex, 0);
        Method?.Check(checks.Inside(Method, nameof(Method)));
        problems.Throw();
        if (ClassName is not null && ClassIndex is not null)
            throw new ArgumentException($"Both ClassName ('{ClassName}') and ClassIndex ({ClassIndex}) are set; set one of them.");
        ArgumentException.ThrowIfNullOrWhiteSpace(HeatmapColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(OverlayColumnName);
    }
}
