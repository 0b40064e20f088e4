using System.Diagnostics;

namespace MLNetExtensions.Serving;

/// <summary>The time of a predictor's last answer: shows that it works without sending it a request. Thread-safe.</summary>
internal sealed class Pulse
{
    // No answer yet, or a failure since.
    private const long Never = long.MinValue;

    private long _answered = Never;

    public void Answered() => Volatile.Write(ref _answered, Stopwatch.GetTimestamp());

    /// <summary>A batch could not be scored; what was answered before says nothing any more.</summary>
    public void Failed() => Volatile.Write(ref _answered, Never);

    /// <summary>True if the last batch was answered within that time.</summary>
    public bool BeatsWithin(TimeSpan time) =>
        Volatile.Read(ref _answered) is var answered && answered != Never && Stopwatch.GetElapsedTime(answered) <= time;
}
