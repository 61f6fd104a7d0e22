package dev.pointsman.registry.contract;

/**
 * The whole contract, for one registry: a subclass starts one and says where it is. The tests share it (each uses names
 * of its own) and expect it to have no other users.
 */
abstract class RegistryContract
        implements RegistrationContract,
                ReRegistrationContract,
                CheckContract,
                MaintenanceContract,
                CatalogContract,
                SelectionContract,
                KvContract,
                FollowingContract,
                BlockingQueryContract,
                WakingContract,
                ClientsContract {}
