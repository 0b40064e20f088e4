namespace MLNetExtensions.Training;

/// <summary>Makes targets of a training batch right before its step, by the network as it is then.</summary>
internal interface IStepTargets
{
    /// <summary>Writes targets.</summary>
    /// <param name="session">The network's session.</param>
    /// <param name="batch">The batch; its targets may be changed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    void Complete(ITrainingSession session, ReadBatch batch, int epoch);
}
