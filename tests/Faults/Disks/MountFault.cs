namespace MLNetExtensions.Faults.Disks;

/// <summary>A disk that is small, or cannot be written to.</summary>
internal sealed class MountFault(string name, string options, bool isReadOnly = false) : DiskFault
{
    public override string Name => name;

    public override string? Obstacle => base.Obstacle ?? (Environment.IsPrivilegedProcess ? null : "mounting a disk takes root");

    public override void Begin(string folder)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", isReadOnly ? $"{options},ro" : options, "tmpfs", folder))
            throw new InvalidOperationException("The disk could not be mounted.");
    }

    public override void End(string folder) => Run("umount", folder);
}
