namespace MLNetExtensions.Faults.Disks;

/// <summary>A process that the shell starts with less than usual.</summary>
internal sealed class LimitFault(string name, string shell, bool hasWords = true) : DiskFault
{
    public override string Name => name;

    public override string Shell => shell;

    public override bool HasWords => hasWords;
}
