using Microsoft.ML;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.Search.Running;

/// <summary>The files of a sweep.</summary>
internal sealed class SweepFolder : IDisposable
{
    private readonly TemporaryFolder? _temporary;

    /// <param name="context">Names the folder of temporary files.</param>
    /// <param name="path">The folder; null for a temporary one.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public SweepFolder(MLContext context, string? path)
    {
        if (path is null)
            _temporary = TemporaryFolder.In(context.TempFilePath ?? Path.GetTempPath());
        else
            OwnerOnly.CreateFolder(path);
        Root = _temporary?.Path ?? Path.GetFullPath(path!);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>True if the folder stays, and a later sweep may go on from it.</summary>
    public bool Stays => _temporary is null;

    public string Journal => Path.Combine(Root, "journal.jsonl");

    public string BestModel => Path.Combine(Root, "best.zip");

    /// <summary>Images that trials decode once for all.</summary>
    public string Images => Path.Combine(Root, "images");

    /// <summary>The checkpoints of a trial's training on one part of the rows; the folder is made.</summary>
    public string CheckpointsOf(int trial, int fold)
    {
        string folder = Path.Combine(TrialFolder(trial), $"fold-{fold}");
        OwnerOnly.CreateFolder(folder);
        return folder;
    }

    /// <summary>Deletes the checkpoints of a trial that does not go on.</summary>
    public void DeleteCheckpoints(int trial) => TemporaryName.Delete(TrialFolder(trial));

    /// <summary>Deletes what a sweep whose journal is gone left.</summary>
    public void Clear()
    {
        TemporaryName.Delete(Path.Combine(Root, "trials"));
        TemporaryName.Delete(BestModel);
    }

    public void Dispose() => _temporary?.Dispose();

    private string TrialFolder(int trial) => Path.Combine(Root, "trials", $"{trial:D5}");
}
