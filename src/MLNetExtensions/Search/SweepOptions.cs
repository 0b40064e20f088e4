using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Search.Samplers;

namespace MLNetExtensions.Search;

/// <summary>Settings of a sweep over hyper-parameters. They are copied when the sweep begins.</summary>
public sealed class SweepOptions
{
    internal const int DefaultTrials = 30;

    /// <summary>The number of trials: points of the space that are tried.</summary>
    /// <value>The default is null: 30, or with <see cref="TimeBudget"/> as many as it has time for.</value>
    public int? MaxTrials { get; set; }

    /// <summary>
    /// The time that the sweep may take in all. Nothing begins that could not end in time, as the trials before show; a trial that runs
    /// when the time is up is broken off.
    /// </summary>
    /// <value>The default is null: no limit.</value>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>The metric to make as high, or as low, as can be.</summary>
    /// <value>The default is null: <see cref="SweepMetric.MicroAccuracy"/>, <see cref="SweepMetric.AreaUnderRocCurve"/> or
    /// <see cref="SweepMetric.RSquared"/>, by the catalog.</value>
    public SweepMetric? Metric { get; set; }

    /// <summary>The fraction of rows that measure the trials, of each class alike. Not with <see cref="ValidationSet"/> and
    /// <see cref="Folds"/>.</summary>
    /// <value>The default is null: 0.2.</value>
    public double? ValidationFraction { get; set; }

    /// <summary>The rows that measure the trials, with the columns of the training rows.</summary>
    /// <value>The default is null: a part of the training rows.</value>
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// The number of folds for cross-validation: each trial is trained so many times, and its value is the mean. The best trial is then
    /// trained once more, on all rows.
    /// </summary>
    /// <value>The default is null: no cross-validation.</value>
    public int? Folds { get; set; }

    /// <summary>The column whose values must not be both in training and in validation: the patient, the film, the place.</summary>
    /// <value>The default is null: rows are split one by one.</value>
    public string? GroupColumnName { get; set; }

    /// <summary>The rule that chooses hyper-parameters.</summary>
    /// <value>The default is <see cref="TpeSampler"/>.</value>
    public TrialSampler Sampler { get; set; } = new TpeSampler();

    /// <summary>
    /// The rule that ends weak trials early. Needs to know how to train for a number of epochs and to go on: where the options are those of
    /// a trainer, or where the function that makes the estimator takes a <see cref="TrialRun"/> and <see cref="Search.Halving.MaxEpochs"/>
    /// is given. Elsewhere trials train to the end.
    /// </summary>
    /// <value>The default is a new <see cref="Search.Halving"/>; null trains all trials to the end.</value>
    public Halving? Halving { get; set; } = new();

    /// <summary>
    /// The folder of the sweep: its journal (<c>journal.jsonl</c>), the best model so far (<c>best.zip</c>), the checkpoints of trials that may
    /// go on, and decoded images. A sweep with the same folder, data and settings goes on where one that was broken off ended;
    /// <see cref="MaxTrials"/> and <see cref="TimeBudget"/> may be others. The folder is created if missing.
    /// </summary>
    /// <value>The default is null: a temporary folder, which is deleted.</value>
    public string? Folder { get; set; }

    /// <summary>The number of trials that train at the same time. Each takes the memory of one, and its share of the cores.</summary>
    /// <value>The default is 1.</value>
    public int Parallel { get; set; } = 1;

    /// <summary>The seed of the split, of the points that are drawn, and of the trials.</summary>
    /// <value>The default is null: drawn from MLContext's seed; that of the journal where there is one.</value>
    public int? Seed { get; set; }

    /// <summary>Receives a report after every result.</summary>
    /// <value>The default is null.</value>
    public IProgress<SweepProgress>? Progress { get; set; }

    /// <summary>
    /// Cancels the sweep. Once a trial has a result, the sweep returns the best so far; before that it throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    public CancellationToken CancellationToken { get; set; }

    internal SweepOptions Clone() => (SweepOptions)MemberwiseClone();

    /// <summary>Throws if settings are out of range or contradict each other; the message lists all problems.</summary>
    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Check(MaxTrials is null or >= 1, nameof(MaxTrials), MaxTrials, "at least 1");
        problems.Check(TimeBudget is null || TimeBudget > TimeSpan.Zero, nameof(TimeBudget), TimeBudget, "above zero");
        problems.Check(ValidationFraction is null or > 0 and < 1, nameof(ValidationFraction), ValidationFraction, "above 0 and below 1");
        problems.Check(Folds is null or >= 2, nameof(Folds), Folds, "at least 2, or null");
        int ways = (ValidationFraction is null ? 0 : 1) + (ValidationSet is null ? 0 : 1) + (Folds is null ? 0 : 1);
        problems.Check(
            ways <= 1,
            nameof(ValidationFraction),
            "given",
            "given alone: it excludes ValidationSet and Folds, and they each other"
        );
        problems.Check(
            GroupColumnName is null || ValidationSet is null,
            nameof(GroupColumnName),
            GroupColumnName,
            "null where ValidationSet is given, which leaves nothing to split"
        );
        problems.Check(Parallel >= 1, nameof(Parallel), Parallel, "at least 1");
        problems.Check(Folder is null || !string.IsNullOrWhiteSpace(Folder), nameof(Folder), "empty", "a folder, or null");
        problems.Check(Sampler is not null, nameof(Sampler), Sampler, "a rule (RandomSampler draws evenly)");
        Sampler?.Check(SettingChecks.Of(problems, nameof(Sampler), Sampler));
        Halving?.Check(SettingChecks.Of(problems, nameof(Halving), Halving));
        problems.Check(
            Halving?.Rule != HalvingRule.Synchronous || MaxTrials is not null || TimeBudget is null,
            nameof(MaxTrials),
            MaxTrials,
            "given for the synchronous rule, which waits for all trials"
        );
        problems.Throw();
    }
}
