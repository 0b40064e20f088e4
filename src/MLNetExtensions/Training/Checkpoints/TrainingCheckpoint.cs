using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Checkpoints;

/// <summary>Everything that the next step of a run depends on, and what the run's result tells of the steps before.</summary>
internal sealed record TrainingCheckpoint
{
    /// <summary>The names and values of the settings that a resumed run must match.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required TrainingPhase Phase { get; init; }

    /// <summary>The state of the loop in this phase.</summary>
    public required LoopState Loop { get; init; }

    /// <summary>The completed epochs of all phases.</summary>
    public required IReadOnlyList<EpochResult> History { get; init; }

    public required IReadOnlyDictionary<string, OnnxTensor> Weights { get; init; }

    /// <summary>The state that <see cref="ITrainingSession.ReadState"/> returned.</summary>
    public required IReadOnlyDictionary<string, OnnxTensor> SessionState { get; init; }

    public static TrainingCheckpoint Of(TrainingLoop loop, LoopState state) =>
        new()
        {
            Settings = loop.Settings,
            Phase = loop.Phase,
            Loop = state,
            History = loop.Run.Completed,
            Weights = loop.Session.ReadWeights(),
            SessionState = loop.Session.ReadState(),
        };

    /// <summary>Puts a loop and its session where this checkpoint was made.</summary>
    public void Restore(LoopState state, ITrainingSession session)
    {
        (state.Epoch, state.Done, state.LossSum, state.Elapsed, state.Waited) = (
            Loop.Epoch,
            Loop.Done,
            Loop.LossSum,
            Loop.Elapsed,
            Loop.Waited
        );
        (state.Best, state.BestLoss, state.Kept, state.KeptWeights) = (Loop.Best, Loop.BestLoss, Loop.Kept, Loop.KeptWeights);
        state.UnprovenWeights = Loop.UnprovenWeights;
        (state.StartLoss, state.StartAccuracy, state.RateFactor) = (Loop.StartLoss, Loop.StartAccuracy, Loop.RateFactor);
        state.Epochs.Clear();
        state.Epochs.AddRange(Loop.Epochs);
        session.WriteWeights(Weights);
        session.WriteState(SessionState);
    }

    /// <summary>
    /// Lists the differences from another run's settings, one line each; empty if the run may resume from this checkpoint.
    /// </summary>
    public IReadOnlyList<string> DifferencesFrom(IReadOnlyDictionary<string, string> settings) => Differences(Settings, settings);

    /// <summary>Lists the differences between the settings of a checkpoint and a run's; see <see cref="DifferencesFrom"/>.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> was, IReadOnlyDictionary<string, string> now) =>
        [
            .. was
                .Keys.Union(now.Keys)
                .Where(name => was.GetValueOrDefault(name) != now.GetValueOrDefault(name))
                .Select(name => $"{name} was {was.GetValueOrDefault(name, "not set")} and is now {now.GetValueOrDefault(name, "not set")}"),
        ];
}
