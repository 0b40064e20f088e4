namespace MLNetExtensions.Faults.Disks;

/// <summary>A folder that somebody deletes while it is worked in.</summary>
internal sealed class VanishFault : DiskFault
{
    public override string Name => "a folder that vanishes";

    public override string? Obstacle => OperatingSystem.IsWindows() ? "Windows deletes no files that are open" : null;

    public override void During(string folder)
    {
        Thread.Sleep(300);
        Directory.Delete(folder, recursive: true);
    }

    public override void End(string folder) => Directory.CreateDirectory(folder);
}
