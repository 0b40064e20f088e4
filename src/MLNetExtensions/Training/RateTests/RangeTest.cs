using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Training.RateTests;

/// <summary>Records the losses of one phase while its learning rate rises, and ends it.</summary>
internal sealed class RangeTest : TrainingCallback
{
    private readonly LearningRateTestOptions _options;
    private readonly List<float> _rates = [];
    private readonly List<float> _losses = [];
    private readonly LossSmoothing _smoothing = new();
    private double _smallest = double.PositiveInfinity;

    /// <param name="options">Validated options.</param>
    /// <param name="phase">The phase whose rates are tested; phases before it run as usual.</param>
    public RangeTest(LearningRateTestOptions options, TrainingPhase phase)
    {
        (_options, Phase) = (options, phase);
        Schedule = new RangeSchedule(options);
    }

    /// <summary>The phase that is tested.</summary>
    public TrainingPhase Phase { get; }

    /// <summary>The rates of its steps.</summary>
    public RangeSchedule Schedule { get; }

    /// <summary>The number of epochs that have enough steps.</summary>
    /// <param name="stepsPerEpoch">The steps of one.</param>
    public int EpochsFor(int stepsPerEpoch) => (_options.Steps + stepsPerEpoch - 1) / stepsPerEpoch;

    /// <summary>What was recorded.</summary>
    public LearningRateCurve ToCurve() => new(_rates, _losses, _options.Steps);

    public override void OnStepEnd(StepEndArguments arguments)
    {
        if (arguments.Run.Phase != Phase)
            return;
        _rates.Add(arguments.LearningRate);
        _losses.Add(arguments.Loss);
        double smoothed = _smoothing.Add(arguments.Loss);
        _smallest = Math.Min(_smallest, smoothed);
        if (_rates.Count >= _options.Steps || smoothed > _options.DivergenceFactor * _smallest)
            arguments.Run.RequestStop("the range test is over");
    }
}
