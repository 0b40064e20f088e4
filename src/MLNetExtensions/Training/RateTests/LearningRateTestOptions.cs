using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.RateTests;

/// <summary>Settings of a learning-rate range test.</summary>
public sealed record LearningRateTestOptions
{
    /// <summary>The learning rate of the first step.</summary>
    /// <value>The default is 1e-7.</value>
    public float Minimum { get; init; } = 1e-7f;

    /// <summary>The learning rate of the last step, if the test gets so far.</summary>
    /// <value>The default is 10.</value>
    public float Maximum { get; init; } = 10;

    /// <summary>The number of steps. Rows come again where there are fewer batches.</summary>
    /// <value>The default is 100; at least 20.</value>
    public int Steps { get; init; } = 100;

    /// <summary>The test ends where the smoothed loss is this many times its smallest value so far.</summary>
    /// <value>The default is 4.</value>
    public float DivergenceFactor { get; init; } = 4;

    /// <summary>Throws if settings are out of range; the message lists all problems.</summary>
    internal void Validate()
    {
        var problems = new OptionProblems();
        problems.Check(Minimum > 0 && float.IsFinite(Minimum), nameof(Minimum), Minimum, "a positive number");
        problems.Check(Maximum > Minimum && float.IsFinite(Maximum), nameof(Maximum), Maximum, $"more than {nameof(Minimum)}");
        problems.Check(Steps >= 20, nameof(Steps), Steps, "at least 20");
        problems.Check(DivergenceFactor > 1 && float.IsFinite(DivergenceFactor), nameof(DivergenceFactor), DivergenceFactor, "more than 1");
        problems.Throw();
    }
}
