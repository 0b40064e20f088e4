namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>An input in memory, and as a file for readers that take a path.</summary>
internal sealed class FuzzInput(IFuzzFormat format, byte[] bytes, string folder)
{
    private string? _file;

    public byte[] Bytes => bytes;

    /// <summary>An own folder of the worker; what lies there is of the inputs before.</summary>
    public string Folder => folder;

    /// <summary>The path of a file with the input.</summary>
    public string File => _file ??= Write();

    /// <summary>Does one of several things with an input; what follows is tried though the product refuses this.</summary>
    /// <exception cref="FuzzFindingException">The product did not answer as it should.</exception>
    public void Try(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is not FuzzFindingException)
        {
            if (FuzzAnswers.Problem(format, e) is { } problem)
                throw new FuzzFindingException($"{what}: {problem}");
        }
    }

    private string Write()
    {
        string path = Path.Combine(folder, "input" + format.Extension);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }
}
