using MLNetExtensions.Data.Schema;
using MLNetExtensions.Search;
using MLNetExtensions.Search.Running;

namespace Microsoft.ML;

/// <summary>Searches hyper-parameters: <c>ml.MulticlassClassification.Sweep</c> and its like.</summary>
public static class SweepCatalog
{
    /// <summary>Trains pipelines with the hyper-parameters of a space, and returns the best model with all trials.</summary>
    /// <remarks>
    /// A trial is one point of the space. By default points are drawn by <see cref="MLNetExtensions.Search.Samplers.TpeSampler"/>, and trials of this library's trainers
    /// are halved (<see cref="Halving"/>): all train for a few epochs, the best go on from there. A trial that fails is noted and the sweep goes on.
    /// </remarks>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification</c>.</param>
    /// <param name="trainData">The rows to train on; a part of them measures the trials, unless the settings say otherwise.</param>
    /// <param name="createEstimator">Makes the pipeline of a trial from its options, which are the trial's own.</param>
    /// <param name="space">The hyper-parameters.</param>
    /// <param name="options">The settings; null for the defaults: 30 trials, <see cref="SweepMetric.MicroAccuracy"/>.</param>
    /// <exception cref="ArgumentException">The space is empty or contradicts the settings, or there are too few rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range or contradict each other; the message lists all of
    /// them.</exception>
    /// <exception cref="InvalidOperationException">All trials failed; the inner exception is the first cause.</exception>
    /// <exception cref="InvalidDataException">The journal in the folder is damaged, or is of a sweep with other settings.</exception>
    /// <exception cref="IOException">The folder is in use by another sweep, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before a trial had a result.</exception>
    /// <exception cref="TimeoutException">The time was up before one epoch was done; the message says what would fit.</exception>
    /// <example>
    /// <code>
    /// using SweepResult&lt;TrainNetworkOptions&gt; result = ml.MulticlassClassification.Sweep(
    ///     photos,
    ///     options => ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.TrainNetwork(options)),
    ///     space,
    ///     new SweepOptions { TimeBudget = TimeSpan.FromMinutes(20), Folder = "sweep" });
    /// Console.WriteLine(result);
    /// </code>
    /// </example>
    public static SweepResult<TOptions> Sweep<TOptions>(
        this MulticlassClassificationCatalog catalog,
        IDataView trainData,
        Func<TOptions, IEstimator<ITransformer>> createEstimator,
        SearchSpace<TOptions> space,
        SweepOptions? options = null
    )
        where TOptions : class, new() => Run(catalog, trainData, createEstimator, space, options, SweepMetric.MicroAccuracy());

    /// <inheritdoc cref="Sweep{TOptions}(MulticlassClassificationCatalog, IDataView, Func{TOptions, IEstimator{ITransformer}}, SearchSpace{TOptions}, SweepOptions)"/>
    /// <param name="catalog">The catalog, <c>ml.MulticlassClassification</c>.</param>
    /// <param name="trainData">The rows to train on; a part of them measures the trials, unless the settings say otherwise.</param>
    /// <param name="createEstimator">
    /// Makes the pipeline of a trial from its options and its run, which it applies to a trainer's options: <c>run.ApplyTo(trainerOptions)</c>.
    /// </param>
    /// <param name="space">The hyper-parameters, of options of your own.</param>
    /// <param name="options">The settings; null for the defaults: 30 trials, <see cref="SweepMetric.MicroAccuracy"/>.</param>
    public static SweepResult<TOptions> Sweep<TOptions>(
        this MulticlassClassificationCatalog catalog,
        IDataView trainData,
        Func<TOptions, TrialRun, IEstimator<ITransformer>> createEstimator,
        SearchSpace<TOptions> space,
        SweepOptions? options = null
    )
        where TOptions : class, new() => Run(catalog, trainData, createEstimator, space, options, SweepMetric.MicroAccuracy());

    /// <inheritdoc cref="Sweep{TOptions}(MulticlassClassificationCatalog, IDataView, Func{TOptions, IEstimator{ITransformer}}, SearchSpace{TOptions}, SweepOptions)"/>
    /// <param name="catalog">The catalog, <c>ml.BinaryClassification</c>.</param>
    /// <param name="trainData">The rows to train on; a part of them measures the trials, unless the settings say otherwise.</param>
    /// <param name="createEstimator">Makes the pipeline of a trial from its options, which are the trial's own.</param>
    /// <param name="space">The hyper-parameters.</param>
    /// <param name="options">The settings; null for the defaults: 30 trials, <see cref="SweepMetric.AreaUnderRocCurve"/>.</param>
    public static SweepResult<TOptions> Sweep<TOptions>(
        this BinaryClassificationCatalog catalog,
        IDataView trainData,
        Func<TOptions, IEstimator<ITransformer>> createEstimator,
        SearchSpace<TOptions> space,
        SweepOptions? options = null
    )
        where TOptions : class, new() => Run(catalog, trainData, createEstimator, space, options, SweepMetric.AreaUnderRocCurve());

    /// <inheritdoc cref="Sweep{TOptions}(MulticlassClassificationCatalog, IDataView, Func{TOptions, IEstimator{ITransformer}}, SearchSpace{TOptions}, SweepOptions)"/>
    /// <param name="catalog">The catalog, <c>ml.Regression</c>.</param>
    /// <param name="trainData">The rows to train on; a part of them measures the trials, unless the settings say otherwise.</param>
    /// <param name="createEstimator">Makes the pipeline of a trial from its options, which are the trial's own.</param>
    /// <param name="space">The hyper-parameters.</param>
    /// <param name="options">The settings; null for the defaults: 30 trials, <see cref="SweepMetric.RSquared"/>.</param>
    public static SweepResult<TOptions> Sweep<TOptions>(
        this RegressionCatalog catalog,
        IDataView trainData,
        Func<TOptions, IEstimator<ITransformer>> createEstimator,
        SearchSpace<TOptions> space,
        SweepOptions? options = null
    )
        where TOptions : class, new() => Run(catalog, trainData, createEstimator, space, options, SweepMetric.RSquared());

    /// <inheritdoc cref="Sweep{TOptions}(MulticlassClassificationCatalog, IDataView, Func{TOptions, IEstimator{ITransformer}}, SearchSpace{TOptions}, SweepOptions)"/>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>: for detectors, segmentation and whatever else has a metric of its own.</param>
    /// <param name="trainData">The rows to train on; a part of them measures the trials, unless the settings say otherwise.</param>
    /// <param name="createEstimator">
    /// Makes the pipeline of a trial from its options and its run, which it applies to a trainer's options if <typeparamref name="TOptions"/>
    /// are none: <c>run.ApplyTo(trainerOptions)</c>.
    /// </param>
    /// <param name="space">The hyper-parameters.</param>
    /// <param name="options">The settings, with <see cref="SweepOptions.Metric"/>.</param>
    public static SweepResult<TOptions> Sweep<TOptions>(
        this VisionOperationsCatalog catalog,
        IDataView trainData,
        Func<TOptions, TrialRun, IEstimator<ITransformer>> createEstimator,
        SearchSpace<TOptions> space,
        SweepOptions options
    )
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Run(catalog.Context, trainData, createEstimator, true, space, options, null);
    }

    private static SweepResult<TOptions> Run<TOptions>(
        object catalog,
        IDataView trainData,
        Func<TOptions, IEstimator<ITransformer>> createEstimator,
        SearchSpace<TOptions> space,
        SweepOptions? options,
        SweepMetric metric
    )
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(createEstimator);
        return Run(
            CatalogContext.Of(catalog),
            trainData,
            (TOptions given, TrialRun _) => createEstimator(given),
            false,
            space,
            options,
            metric
        );
    }

    private static SweepResult<TOptions> Run<TOptions>(
        object catalog,
        IDataView trainData,
        Func<TOptions, TrialRun, IEstimator<ITransformer>> createEstimator,
        SearchSpace<TOptions> space,
        SweepOptions? options,
        SweepMetric metric
    )
        where TOptions : class, new() => Run(CatalogContext.Of(catalog), trainData, createEstimator, true, space, options, metric);

    private static SweepResult<TOptions> Run<TOptions>(
        MLContext context,
        IDataView trainData,
        Func<TOptions, TrialRun, IEstimator<ITransformer>> createEstimator,
        bool takesRun,
        SearchSpace<TOptions> space,
        SweepOptions? options,
        SweepMetric? metric
    )
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(createEstimator);
        ArgumentNullException.ThrowIfNull(space);
        return new SweepStart<TOptions>(context, trainData, createEstimator, takesRun, space, options, metric).Run();
    }
}
