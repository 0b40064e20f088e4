namespace MLNetExtensions.Training.Callbacks;

/// <summary>
/// Writes the ONNX model of the best epoch so far, complete with preprocessing and outputs, like the trained transformer's Model. The best
/// epoch has the smallest validation loss; without a validation set it is the last epoch. The file is replaced as a whole. Of several
/// workers, the first writes it.
/// </summary>
public sealed class BestModelCallback : TrainingCallback
{
    private readonly string _path;

    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public BestModelCallback(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndArguments arguments)
    {
        if (!arguments.IsBest || arguments.Run.Rank > 0)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        arguments.Run.ExportModel().Save(_path);
    }
}
