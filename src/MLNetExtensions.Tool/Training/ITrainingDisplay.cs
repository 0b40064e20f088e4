using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training;

/// <summary>Shows a run while it goes on.</summary>
internal interface ITrainingDisplay
{
    /// <summary>Shows what a body of work reports.</summary>
    void Run(Action body);

    /// <summary>The run begins.</summary>
    /// <param name="facts">What is trained on what, by name.</param>
    void Begin(IReadOnlyDictionary<string, string> facts);

    /// <summary>Called after every step.</summary>
    void Update(TrainingMoment moment);

    /// <summary>Called after every epoch.</summary>
    void EpochEnded(EpochResult epoch, int epochs, bool isBest);

    /// <summary>Something that the user should know.</summary>
    void Warn(string message);

    /// <summary>The run has ended.</summary>
    void End(TrainingOutcome outcome);
}
