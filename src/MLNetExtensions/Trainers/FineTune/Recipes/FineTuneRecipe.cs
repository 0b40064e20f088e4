using System.Diagnostics;
using Microsoft.ML;

namespace MLNetExtensions.Trainers.FineTune.Recipes;

/// <summary>
/// A model fine-tuned with settings that were chosen for the images and the time there was: the backbone, the images' size, the layers to
/// train and the epochs.
/// </summary>
/// <remarks>
/// First a head is trained on each backbone's features. Heads are compared by their log-loss on training images that they were not trained
/// on (cross-validation). Larger images are tried for the best one. If the time allows three epochs, all layers are trained with a part of
/// the images held out, and if that is better than the head alone on these, once more with all images. Over 2,000 images the first of the
/// two is kept. So the model is at least as good as a frozen backbone, by the images held out.
/// </remarks>
public sealed class FineTuneRecipe
{
    internal FineTuneRecipe(FineTuneTransformer model, FineTuneOptions options, IReadOnlyList<string> reasons, TimeSpan duration) =>
        (Model, Options, Reasons, Duration) = (model, options, reasons, duration);

    /// <summary>The trained model. Dispose it when it is no longer needed.</summary>
    public FineTuneTransformer Model { get; }

    /// <summary>The chosen settings, to train again with more images or time.</summary>
    public FineTuneOptions Options { get; }

    /// <summary>What was tried and chosen, and why, a sentence each.</summary>
    public IReadOnlyList<string> Reasons { get; }

    /// <summary>The time it took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Chooses settings and trains a model within a time.</summary>
    /// <param name="context">The source of logs, seeds, temporary files and the GPU.</param>
    /// <param name="data">The training images, with the columns Image and Label.</param>
    /// <param name="timeBudget">The time for everything.</param>
    /// <inheritdoc cref="Auto(MLContext, IDataView, FineTuneRecipeOptions)" path="/exception"/>
    public static FineTuneRecipe Auto(MLContext context, IDataView data, TimeSpan timeBudget) =>
        Auto(context, data, new FineTuneRecipeOptions { TimeBudget = timeBudget });

    /// <summary>Chooses settings and trains a model within a time.</summary>
    /// <param name="context">The source of logs, seeds, temporary files and the GPU.</param>
    /// <param name="data">The training images.</param>
    /// <param name="options">What is fixed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range, or the label or the image column is missing or of another
    /// type.</exception>
    /// <exception cref="InvalidOperationException">There is no backbone on this machine, there are fewer images than classes, or the time is
    /// too short for a head.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before a head was trained.</exception>
    public static FineTuneRecipe Auto(MLContext context, IDataView data, FineTuneRecipeOptions options)
    {
        long started = Stopwatch.GetTimestamp();
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new RecipeRun(context, data, options, started).Run();
    }

    /// <summary>The reasons, a line each.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Reasons);
}
