namespace MLNetExtensions.Data;

/// <summary>An item that passes from a reading thread through a worker thread to the consumer.</summary>
internal interface IWorkSlot : IDisposable
{
    /// <summary>Set when the work is done.</summary>
    ManualResetEventSlim Done { get; }
}
