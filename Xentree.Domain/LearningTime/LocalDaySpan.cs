using NodaTime;

namespace Xentree.Domain.LearningTime;

/// <summary>
/// The local day of an instant and how long it lasts, in the zone then in force. The rules of learning time take a function from
/// an instant to this, so that they need not know how zones change.
/// </summary>
/// <param name="Day">The local day.</param>
/// <param name="Until">The next instant at which another day may begin: a day's end, or a change of zone.</param>
public readonly record struct LocalDaySpan(LocalDate Day, Instant Until);
