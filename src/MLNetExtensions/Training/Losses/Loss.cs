namespace MLNetExtensions.Training.Losses;

/// <summary>What training makes small. A runtime computes it from the first output and <see cref="TrainingBatch.Targets"/>.</summary>
public abstract record Loss;
