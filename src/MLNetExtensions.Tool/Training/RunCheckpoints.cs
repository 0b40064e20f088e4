using System.Diagnostics;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.Tool.Training;

/// <summary>
/// Keeps two checkpoints: <c>last.ckpt</c>, from which the run resumes, and <c>best.ckpt</c>. Where epochs take milliseconds, not each is
/// written: writing may take a twentieth of the time.
/// </summary>
/// <param name="folder">The folder; created if missing.</param>
internal sealed class RunCheckpoints(string folder) : TrainingCallback
{
    private const int TimeShare = 20;

    private readonly string _last = Path.Combine(folder, "last.ckpt"),
        _best = Path.Combine(folder, "best.ckpt");
    private long _written;
    private TimeSpan _duration;
    private bool _hasNewBest;

    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        _hasNewBest |= arguments.IsBest;
        bool isDue = _written == 0 || Stopwatch.GetElapsedTime(_written) >= TimeShare * _duration;
        if (!isDue && arguments.Result.Epoch < arguments.Run.Epochs)
            return;
        long start = Stopwatch.GetTimestamp();
        // The best one first, so that the last one is the newest of the folder.
        if (_hasNewBest && arguments.IsBest)
        {
            arguments.Run.SaveCheckpoint(_best);
            _hasNewBest = false;
        }
        arguments.Run.SaveCheckpoint(_last);
        (_written, _duration) = (Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(start));
    }
}
