using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune.Recipes;

/// <summary>What is fixed where <see cref="FineTuneRecipe"/> chooses the rest.</summary>
public sealed record FineTuneRecipeOptions
{
    /// <summary>The time for everything: trying backbones, measuring, training.</summary>
    /// <value>The default is 5 minutes.</value>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The backbones to choose from, the most promising first.</summary>
    /// <value>The default is null: all of <see cref="Backbone.Catalog"/> whose files are on this machine (<see cref="BackboneFolders"/>),
    /// for photos first.</value>
    public IReadOnlyList<Backbone>? Backbones { get; init; }

    /// <summary>The label column, a key.</summary>
    /// <value>The default is Label.</value>
    public string LabelColumnName { get; init; } = DefaultColumnNames.Label;

    /// <summary>The image column: an MLImage, a file's path (text), or a file's bytes (vector of Byte).</summary>
    /// <value>The default is Image.</value>
    public string ImageColumnName { get; init; } = DefaultColumnNames.Image;

    /// <summary>The folder that paths in the image column are relative to.</summary>
    /// <value>The default is null: the current folder.</value>
    public string? ImageFolder { get; init; }

    /// <summary>The output column with a probability for each class.</summary>
    /// <value>The default is Score.</value>
    public string ScoreColumnName { get; init; } = DefaultColumnNames.Score;

    /// <summary>The output column with the most probable class.</summary>
    /// <value>The default is PredictedLabel.</value>
    public string PredictedLabelColumnName { get; init; } = DefaultColumnNames.PredictedLabel;

    /// <summary>The augmentation while layers of the backbone are trained.</summary>
    /// <value>The default is null: <see cref="Augment.Standard"/>.</value>
    public Augmentation? Augmentation { get; init; }

    /// <summary>The seed of every random draw.</summary>
    /// <value>The default is null: drawn from MLContext's seed.</value>
    public int? Seed { get; init; }

    /// <summary>The number of threads for training and for decoding.</summary>
    /// <value>The default is null: the number of cores.</value>
    public int? Threads { get; init; }

    /// <summary>The training runtime.</summary>
    /// <value>The default is null: <see cref="TrainingRuntime.Default"/>.</value>
    public ITrainingRuntime? Runtime { get; init; }

    /// <summary>Cancels the run. Once a model has been trained it is the result, as where the time is up.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Throws if settings are out of range; the message lists all problems.</summary>
    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Check(TimeBudget > TimeSpan.Zero, nameof(TimeBudget), TimeBudget, "a positive time");
        problems.Check(
            Backbones is null || (Backbones.Count > 0 && Backbones.All(b => b is not null)),
            nameof(Backbones),
            "empty",
            "at least one backbone, or null"
        );
        problems.Throw();
        // Columns, threads and augmentation are checked as those of fine-tuning.
        if (Backbones is not null)
            ToFineTuneOptions(Backbones[0]).Validate();
    }

    /// <summary>The options of a head on a backbone.</summary>
    /// <param name="backbone">The backbone; null where columns alone matter.</param>
    internal FineTuneOptions ToFineTuneOptions(Backbone? backbone = null) =>
        new()
        {
            Backbone = backbone,
            LabelColumnName = LabelColumnName,
            ImageColumnName = ImageColumnName,
            ImageFolder = ImageFolder,
            ScoreColumnName = ScoreColumnName,
            PredictedLabelColumnName = PredictedLabelColumnName,
            Seed = Seed,
            Threads = Threads,
            Runtime = Runtime,
            CancellationToken = CancellationToken,
        };
}
