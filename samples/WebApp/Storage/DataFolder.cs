namespace WebAppSample.Storage;

/// <summary>The places of the application's files. Names are numbers of the database, never a client's.</summary>
public sealed class DataFolder
{
    /// <param name="path">The folder; made if it is missing, for this user alone: the images are people's.</param>
    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (!OperatingSystem.IsWindows() && !Directory.Exists(Path))
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // What a killed process left there.
        if (Directory.Exists(Temporary))
            Directory.Delete(Temporary, recursive: true);
        Directory.CreateDirectory(Temporary);
        Directory.CreateDirectory(Images);
        Directory.CreateDirectory(Models);
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>How to reach the database.</summary>
    public string Connection => $"Data Source={System.IO.Path.Combine(Path, "webapp.db")}";

    /// <summary>The folder of ML.NET's temporary files; emptied at the start.</summary>
    public string Temporary => System.IO.Path.Combine(Path, "temporary");

    private string Images => System.IO.Path.Combine(Path, "images");

    private string Models => System.IO.Path.Combine(Path, "models");

    /// <summary>The file of a stored image.</summary>
    public string Image(int id) => System.IO.Path.Combine(Images, $"{id}.jpg");

    /// <summary>The folder of a model and its report.</summary>
    public string Model(int id) => System.IO.Path.Combine(Models, $"{id}");

    /// <summary>The file of a model.</summary>
    public string ModelFile(int id, string name) => System.IO.Path.Combine(Model(id), name);
}
