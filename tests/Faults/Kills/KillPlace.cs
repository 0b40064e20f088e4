namespace MLNetExtensions.Faults.Kills;

/// <summary>Where a kind of work finds its things.</summary>
/// <param name="Folder">The folder of what it writes.</param>
/// <param name="Photos">A folder of images, a sub-folder for each class, that it reads.</param>
/// <param name="Server">The address of a server of <see cref="KillServer"/>.</param>
internal sealed record KillPlace(string Folder, string Photos, string Server)
{
    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>MLContext's temporary folder, beside the folder.</summary>
    public string Temporary => Directory.CreateDirectory(Folder + "-temporary").FullName;
}
